// SPDX-License-Identifier: Apache-2.0
// JSON logic over data: the shared cases, and the corners of every operator.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "daemon/rules/rule_text.hpp"
#include "tests/crypto/vectors.hpp"

namespace stile::rules {
namespace {

using Json = nlohmann::json;

Json answer(const std::string& rule, const std::string& data = "null") {
    return Json::parse(answer_rule_line("[" + rule + "," + data + "]"));
}

struct Case {
    const char* rule;
    const char* data;
    const char* value;
};

void expect_values(std::initializer_list<Case> cases) {
    for (const Case& row : cases) {
        const Json said = answer(row.rule, row.data);
        ASSERT_TRUE(said.contains("value")) << row.rule << row.data << said;
        EXPECT_EQ(said["value"].dump(), Json::parse(row.value).dump()) << row.rule << row.data;
    }
}

void expect_true(std::initializer_list<const char*> rules) {
    for (const char* rule : rules)
        EXPECT_EQ(answer(rule).value("value", Json{}), true) << rule << answer(rule);
}

void expect_false(std::initializer_list<const char*> rules) {
    for (const char* rule : rules)
        EXPECT_EQ(answer(rule).value("value", Json{}), false) << rule << answer(rule);
}

void expect_error(std::initializer_list<const char*> rules) {
    for (const char* rule : rules)
        EXPECT_TRUE(answer(rule).contains("error")) << rule << answer(rule);
}

TEST(JsonLogic, HoldsTheSharedCases) {
    STILE_LOAD_OR_SKIP(vectors, "pretix/jsonlogic_official.json");
    for (const Json& entry : vectors["cases"]) {
        if (!entry.is_array()) continue;
        EXPECT_EQ(answer(entry[0].dump(), entry[1].dump()), (Json{{"value", entry[2]}})) << entry;
    }
}

TEST(JsonLogic, LeavesWhatIsNoOperatorAsItIs) {
    expect_values({{"3", "null", "3"},
                   {"{}", "{\"a\":1}", "{}"},
                   {R"({"a":1,"b":{"var":"a"}})", R"({"a":5})", R"({"a":1,"b":{"var":"a"}})"},
                   {R"([1,{"var":"x"},[{"var":"x"}]])", R"({"x":2})", "[1,2,[2]]"},
                   {"[]", "null", "[]"}});
}

TEST(JsonLogic, KnowsTruthWhenItSeesIt) {
    expect_true({R"({"!!":"0"})", R"({"!!":[[0]]})", R"({"!!":-1})", R"({"!!":[{}]})",
                 R"({"!!":"false"})", R"({"!":[]})", R"({"!":null})", R"({"!":[{"/":[0,0]}]})"});
    expect_false({R"({"!!":""})", R"({"!!":[[]]})", R"({"!!":0})", R"({"!!":null})", R"({"!!":[]})",
                  R"({"!!":-0.0})"});
}

TEST(JsonLogic, ComparesLooselyAsJavaScript) {
    expect_true({R"({"==":["1",1]})", R"({"==":["",0]})", R"({"==":[null,{"var":"x"}]})",
                 R"({"==":[true,"1"]})", R"({"==":[false,""]})", R"({"==":[[5],5]})",
                 R"({"==":["1,2",[1,2]]})", R"({"==":[" 7 ",7]})", R"({"==":["0x10",16]})",
                 R"({"==":[]})", R"({"==":[[],""]})", R"({"==":["1e3",1000]})",
                 R"({"!=":[[1],[1]]})", R"({"!=":[0,null]})", R"({"!=":["a",{"/":[0,0]}]})"});
    expect_false({R"({"==":[null,0]})", R"({"==":["a",0]})", R"({"==":["01",[1]]})",
                  R"({"==":[{"/":[0,0]},{"/":[0,0]}]})", R"({"==":["1","1.0"]})",
                  R"({"==":[false,"false"]})", R"({"==":[1]})"});
}

TEST(JsonLogic, ComparesStrictly) {
    expect_true({R"({"===":["a","a"]})", R"({"===":[1,1.0]})", R"({"===":[null,null]})",
                 R"({"!==":[1,"1"]})", R"({"!==":[0,false]})", R"({"!==":[[],[]]})",
                 R"({"!==":[null]})"});
    expect_false(
        {R"({"===":[1,"1"]})", R"({"===":[{"/":[0,0]},{"/":[0,0]}]})", R"({"!==":[true,true]})"});
}

TEST(JsonLogic, OrdersNumbersTextsAndWhatLiesBetween) {
    expect_true({R"({"<":["9.5",10,"11"]})", R"({"<":[1,"2"]})", R"({"<":["10","9"]})",
                 R"({"<":[1,2,3]})", R"({"<=":[1,1,3]})", R"({">=":[null,0]})",
                 R"({">":["b","a"]})", R"({">":["2",1]})", R"({"<":["a","ab"]})",
                 R"({">":[[2],1]})", R"({">":[3,2,9]})"});
    expect_false({R"({"<":[1,1,3]})", R"({"<":[1,3,3]})", R"({"<=":[1,4,3]})", R"({"<":["a",1]})",
                  R"({">":["a",1]})", R"({">=":[1]})", R"({"<":[]})", R"({"<":[1,2,null]})",
                  R"({"<":[{},1]})"});
}

TEST(JsonLogic, ChoosesAmongConditions) {
    expect_values({{R"({"if":[]})", "null", "null"},
                   {R"({"if":7})", "null", "7"},
                   {R"({"if":[0,1]})", "null", "null"},
                   {R"({"if":[[],1,"0",2,3]})", "null", "2"},
                   {R"({"?:":[1,{"var":"a"},{"nonsense":1}]})", R"({"a":"x"})", R"("x")"},
                   {R"({"and":[]})", "null", "null"},
                   {R"({"and":[1,"",{"nonsense":1}]})", "null", R"("")"},
                   {R"({"and":[1,"a"]})", "null", R"("a")"},
                   {R"({"or":[0,"",[]]})", "null", "[]"},
                   {R"({"or":[0,"a",{"nonsense":1}]})", "null", R"("a")"}});
}

TEST(JsonLogic, Calculates) {
    expect_values(
        {{R"({"+":[]})", "null", "0"},           {R"({"+":"3.14 is pi"})", "null", "3.14"},
         {R"({"+":["1","2",3]})", "null", "6"},  {R"({"+":[null]})", "null", "null"},
         {R"({"+":[true,1]})", "null", "null"},  {R"({"*":["2 a",3]})", "null", "6"},
         {R"({"*":["2"]})", "null", R"("2")"},   {R"({"-":"3"})", "null", "-3"},
         {R"({"-":[5,"2"]})", "null", "3"},      {R"({"-":[]})", "null", "null"},
         {R"({"-":[5,null]})", "null", "5"},     {R"({"/":[1,0]})", "null", "null"},
         {R"({"/":[1,4]})", "null", "0.25"},     {R"({"%":[-7,3]})", "null", "-1"},
         {R"({"%":[7.5,2]})", "null", "1.5"},    {R"({"%":[1,0]})", "null", "null"},
         {R"({"min":[]})", "null", "null"},      {R"({"max":["3",2]})", "null", "3"},
         {R"({"max":["a",2]})", "null", "null"}, {R"({"min":[null,1]})", "null", "0"}});
    expect_error({R"({"*":[]})"});
}

TEST(JsonLogic, WritesNumbersAsShortAsTheyAre) {
    expect_values(
        {{R"({"cat":[1.0,"|",0.1,"|",-0.0,"|",1e21,"|",1e-7]})", "null", R"("1|0.1|0|1e+21|1e-7")"},
         {R"({"cat":[123456789012345680000,"|",0.000001,"|",1.5e300]})", "null",
          R"("123456789012345680000|0.000001|1.5e+300")"},
         {R"({"cat":[{"/":[1,0]},{"/":[-1,0]},{"/":[0,0]}]})", "null", R"("Infinity-InfinityNaN")"},
         {R"({"+":[0.1,0.2]})", "null", "0.30000000000000004"}});
    EXPECT_EQ(answer_rule_line(R"([{"+":[1,2]}])"), R"({"value":3})");
    EXPECT_EQ(answer_rule_line(R"([{"*":[1.5,2]}])"), R"({"value":3})");
}

TEST(JsonLogic, JoinsTexts) {
    expect_values({{R"({"cat":[]})", "null", R"("")"},
                   {R"({"cat":[null,true,{"var":"x"},1]})", "null", R"("true1")"},
                   {R"({"cat":[[1,[2,null]],"-",{}]})", "null", R"("1,2,-[object Object]")"}});
}

TEST(JsonLogic, CutsTexts) {
    expect_values({{R"({"substr":["jsonlogic",4]})", "null", R"("logic")"},
                   {R"({"substr":["jsonlogic",4,3]})", "null", R"("log")"},
                   {R"({"substr":["jsonlogic",-20,2]})", "null", R"("js")"},
                   {R"({"substr":["jsonlogic",20]})", "null", R"("")"},
                   {R"({"substr":["jsonlogic",4,-20]})", "null", R"("")"},
                   {R"({"substr":["jsonlogic",0,-4]})", "null", R"("jsonl")"},
                   {R"({"substr":["jsonlogic",1,0]})", "null", R"("")"},
                   {R"({"substr":["héllo",1,1]})", "null", R"("é")"},
                   {R"({"substr":[12345,"1",2.9]})", "null", R"("23")"},
                   {R"({"substr":[null,1]})", "null", R"("ull")"},
                   {R"({"substr":[]})", "null", R"("undefined")"}});
}

TEST(JsonLogic, LooksIntoData) {
    expect_values({{R"({"var":"a.1.b"})", R"({"a":[0,{"b":7}]})", "7"},
                   {R"({"var":["a",9]})", R"({"a":null})", "null"},
                   {R"({"var":["a.b",9]})", R"({"a":null})", "9"},
                   {R"({"var":["5",9]})", "[1,2]", "9"},
                   {R"({"var":"01"})", "[1,2]", "null"},
                   {R"({"var":"-1"})", "[1,2]", "null"},
                   {R"({"var":1.0})", "[1,2]", "2"},
                   {R"({"var":"list.length"})", R"({"list":[1,2,3]})", "3"},
                   {R"({"var":{"var":"name"}})", R"({"name":"x","x":5})", "5"},
                   {R"({"var":["",9]})", R"({"a":1})", R"({"a":1})"},
                   {R"({"var":"a"})", "5", "null"},
                   {R"({"var":"."})", R"({"":{"":3}})", "3"},
                   {R"({"var":["a",{"var":"b"}]})", R"({"b":3})", "3"},
                   {R"({"var":"entries_number"})", R"({"entries_number":3})", "3"}});
}

TEST(JsonLogic, NamesWhatIsMissing) {
    expect_values({{R"({"missing":["a","b"]})", R"({"a":"","b":0})", R"(["a"])"},
                   {R"({"missing":[["a","b"],"c"]})", R"({"b":1})", R"(["a"])"},
                   {R"({"missing":"a.b"})", R"({"a":{"b":false}})", "[]"},
                   {R"({"missing":[]})", R"({"a":1})", "[]"},
                   {R"({"missing_some":["1",["a","b"]]})", R"({"a":1})", "[]"},
                   {R"({"missing_some":[3,["a","b"]]})", R"({"a":1})", R"(["b"])"},
                   {R"({"missing_some":[1,"a"]})", "{}", R"(["a"])"}});
    expect_error({R"({"missing_some":[1]})", R"({"missing_some":[1,null]})"});
}

TEST(JsonLogic, GoesThroughLists) {
    expect_values(
        {{R"({"map":[{"var":"x"},{"var":"y"}]})", R"({"x":[{"y":1},2]})", "[1,null]"},
         {R"({"map":[5,1]})", "null", "[]"},
         {R"({"map":[[1,2]]})", "null", "[null,null]"},
         {R"({"filter":["abc",true]})", "null", "[]"},
         {R"({"filter":[[0,1,"",[]],{"var":""}]})", "null", "[1]"},
         {R"({"reduce":[[1,2],{"var":"current"}]})", "null", "2"},
         {R"({"reduce":["no list",1,{"var":"z"}]})", R"({"z":8})", "8"},
         {R"({"reduce":[{"var":"d"},{"+":[{"var":"accumulator"},{"var":"current.q"}]},0]})",
          R"({"d":[{"q":4},{"q":5}]})", "9"},
         {R"({"reduce":[[],1]})", "null", "null"},
         {R"({"all":[[],true]})", "null", "false"},
         {R"({"all":[5,true]})", "null", "false"},
         {R"({"none":[null,true]})", "null", "true"},
         {R"({"some":[null,true]})", "null", "false"},
         {R"({"some":[[[1],[2]],{"in":[2,{"var":""}]}]})", "null", "true"},
         {R"({"map":[[1],{"var":"x"}]})", R"({"x":5})", "[null]"},
         {R"({"merge":[1,[2,[3]],null]})", "null", "[1,2,[3],null]"}});
}

TEST(JsonLogic, FindsThingsInListsAndTexts) {
    expect_true({R"({"in":["ea","team"]})", R"({"in":[1,[1,2]]})", R"({"in":["","a"]})",
                 R"({"in":[1,"212"]})", R"({"in":[null,[null]]})"});
    expect_false({R"({"in":["1",[1,2]]})", R"({"in":["i","team"]})", R"({"in":["a",null]})",
                  R"({"in":["a"]})", R"({"in":[[1],[[1]]]})", R"({"in":[1,5]})",
                  R"({"in":["",""]})", R"({"in":["a",{"b":1,"a":2}]})"});
}

TEST(JsonLogic, HandsOnWhatIsLogged) {
    expect_values({{R"({"log":["a","b"]})", "null", R"("a")"}, {R"({"log":[]})", "null", "null"}});
}

TEST(JsonLogic, FailsAtAnOperatorThatItDoesNotKnow) {
    EXPECT_EQ(answer(R"({"and":[true,{"frobnicate":[1]}]})")["error"],
              "unknown operator: frobnicate");
    expect_error({R"({"":1})", R"({"AND":[1]})", R"({"method":["a","b"]})"});
    expect_values({{R"({"or":[true,{"frobnicate":[1]}]})", "null", "true"}});
}

TEST(JsonLogic, HasTheGateOperatorsThatNeedNoGate) {
    expect_true(
        {R"({"inList":["2",{"objectList":[{"lookup":["product",1,"A"]},
            {"lookup":["product","2","B"]}]}]})",
         R"({"isBefore":["2020-01-01T00:00:00Z",{"buildTime":["custom","2020-01-01T00:00:01Z"]}]})",
         R"({"isAfter":["2020-01-01T00:00:00Z","2020-01-01T00:05:00+00:00",10]})"});
    expect_false({R"({"inList":[3,[1,2]]})", R"({"inList":[null,[0]]})"});
    expect_values({{R"({"buildTime":["custom","2020-01-01T01:00+01:00"]})", "null",
                    R"("2020-01-01T00:00:00.000Z")"},
                   {R"({"objectList":{"lookup":["gate","7","G"]}})", "null", "[7]"}});
    expect_error({R"({"entries_since":[{"buildTime":["custom","2020-01-01T00:00:00Z"]}]})",
                  R"({"buildTime":["date_from"]})", R"({"buildTime":["customtime","14:00"]})",
                  R"({"buildTime":["custom","yesterday"]})", R"({"buildTime":["custom"]})",
                  R"({"buildTime":["noon"]})", R"({"buildTime":[]})", R"({"isBefore":["a","b"]})",
                  R"({"isAfter":["2020-01-01T00:00:00Z"]})", R"({"inList":[1,2]})",
                  R"({"inList":[1]})", R"({"lookup":["product","abc","A"]})",
                  R"({"lookup":["product","-1","A"]})", R"({"lookup":["product",1.5,"A"]})",
                  R"({"lookup":["product","9007199254740993","A"]})", R"({"lookup":[]})"});
}

TEST(JsonLogic, ComparesMomentsWithNothingElse) {
    expect_error({R"({">":[{"buildTime":["custom","2020-01-01T00:00:00Z"]},5]})",
                  R"({"+":[{"buildTime":["custom","2020-01-01T00:00:00Z"]},5]})",
                  R"({"==":[{"buildTime":["custom","2020-01-01T00:00:00Z"]},"a"]})",
                  R"({"cat":[{"buildTime":["custom","2020-01-01T00:00:00Z"]}]})"});
}

TEST(RuleLine, AnswersEveryLineThatIsNoPair) {
    for (const char* line : {"", " ", "1", "{}", "[]", "[1,2,3]", "[1", "[1,2]]", "nonsense",
                             "\xff", "[\"\xff\",1]", R"([{"a":1,"a":2},1])", "[1e999,1]", "[NaN]"})
        EXPECT_TRUE(Json::parse(answer_rule_line(line)).contains("error")) << line;
    EXPECT_EQ(answer_rule_line(R"([{"var":"a"}])"), R"({"value":null})");
}

}  // namespace
}  // namespace stile::rules
