// SPDX-License-Identifier: Apache-2.0
// The HTTP server on a real port, with good clients and bad ones.
#include <functional>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "sync/http/server.hpp"
#include "tests/sync/testbed/http_client.hpp"

namespace stile::sync {
namespace {

using testbed::http;
using testbed::http_get;

class Http : public testing::Test {
protected:
    Http() {
        auto server = HttpServer::listen(loop_, "127.0.0.1:0", [this](std::string_view path) {
            ++asked_;
            if (path == "/boom") throw std::runtime_error{"broken"};
            return HttpAnswer{path == "/here" ? 200U : 404U, "text/plain", "told\n"};
        });
        EXPECT_TRUE(server);
        server_ = std::move(*server);
        loop_.on_wake([this] { loop_.stop(0); });
    }
    // Serves while the client does its work on a thread of its own.
    void serve(const std::function<void()>& client) {
        const std::jthread thread{[&] {
            client();
            loop_.wake();
        }};
        loop_.run();
    }
    std::string get(const std::string& path) {
        std::string answer;
        serve([&] { answer = http_get(server_->port(), path); });
        return answer;
    }

    EventLoop loop_;
    int asked_ = 0;
    std::unique_ptr<HttpServer> server_;
};

TEST_F(Http, AnswersWithStatusTypeAndBody) {
    const auto answer = get("/here?and=more");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\n")) << answer;
    EXPECT_NE(answer.find("Content-Type: text/plain\r\n"), std::string::npos);
    EXPECT_TRUE(answer.ends_with("\r\n\r\ntold\n"));
}

TEST_F(Http, SaysThatSomethingIsNotThere) {
    EXPECT_TRUE(get("/elsewhere").starts_with("HTTP/1.1 404"));
}

TEST_F(Http, SurvivesAHandlerThatThrows) {
    EXPECT_TRUE(get("/boom").starts_with("HTTP/1.1 500"));
    EXPECT_TRUE(get("/here").starts_with("HTTP/1.1 200"));
}

TEST_F(Http, TakesNothingButGetAndHead) {
    serve([this] {
        EXPECT_TRUE(http(server_->port(),
                         "POST /here HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n"
                         "Connection: close\r\n\r\n")
                        .starts_with("HTTP/1.1 405"));
    });
    EXPECT_EQ(asked_, 0);
}

TEST_F(Http, EndsAConversationThatIsNoHttp) {
    serve([this] {
        (void)http(server_->port(), "\x16\x03\x01 hello\r\n\r\n");
        EXPECT_TRUE(http_get(server_->port(), "/here").starts_with("HTTP/1.1 200"));
    });
}

TEST_F(Http, EndsAHeaderWithoutEnd) {
    serve([this] {
        (void)http(server_->port(), "GET /" + std::string(100'000, 'x'));
        EXPECT_TRUE(http_get(server_->port(), "/here").starts_with("HTTP/1.1 200"));
    });
}

TEST_F(Http, ServesOthersWhileSomeSayNothing) {
    serve([this] {
        std::vector<UniqueFd> silent;
        for (int i = 0; i < 8; ++i)
            silent.push_back(testbed::connect_to(server_->port()));
        EXPECT_TRUE(http_get(server_->port(), "/here").starts_with("HTTP/1.1 200"));
    });
}

TEST_F(Http, CannotTakeAnAddressTwice) {
    const auto second = HttpServer::listen(loop_, "127.0.0.1:" + std::to_string(server_->port()),
                                           [](auto) { return HttpAnswer{}; });
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Errc::Io);
}

}  // namespace
}  // namespace stile::sync
