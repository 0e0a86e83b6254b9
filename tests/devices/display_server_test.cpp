// SPDX-License-Identifier: Apache-2.0
// The display's server on a real port: good browsers, bad ones, and very many.
#include <functional>
#include <future>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "devices/display/http/event_server.hpp"
#include "tests/devices/display_client.hpp"

namespace stile::devices {
namespace {

using test::Browser;
using test::fetch;

class DisplayServer : public testing::Test {
protected:
    DisplayServer() {
        auto server = EventServer::listen(loop_, "127.0.0.1:0", [](std::string_view path) {
            if (path == "/boom") throw std::runtime_error{"broken"};
            if (path == "/events") return HttpReply{HttpStream{"lane"}};
            if (path == "/page") return HttpReply{HttpPage{200, "text/html", "here", "policy"}};
            return HttpReply{HttpPage{404, "text/plain", "not here", {}}};
        });
        EXPECT_TRUE(server);
        server_ = std::move(*server);
        loop_.on_wake([this] {
            if (work_) std::exchange(work_, {})();
        });
    }
    // Serves while the client does its work on a thread of its own.
    void serve(const std::function<void()>& client) {
        const std::jthread thread{[&] {
            client();
            on_loop([this] { loop_.stop(0); });
        }};
        loop_.run();
    }
    // Runs on the loop's thread; returns when it is done.
    void on_loop(const std::function<void()>& act) {
        std::promise<void> done;
        work_ = [&] {
            act();
            done.set_value();
        };
        loop_.wake();
        done.get_future().wait();
    }
    void publish(const std::string& event) {
        on_loop([&] { server_->publish("lane", event); });
    }
    std::size_t streams() {
        std::size_t count = 0;
        on_loop([&] { count = server_->streams(); });
        return count;
    }
    [[nodiscard]] std::uint16_t port() const { return server_->port(); }

    EventLoop loop_;
    std::function<void()> work_;
    std::unique_ptr<EventServer> server_;
};

TEST_F(DisplayServer, AnswersAPageWithWhatItMayDo) {
    serve([this] {
        const auto answer = fetch(port(), "/page?and=more");
        EXPECT_TRUE(answer.starts_with("HTTP/1.1 200")) << answer;
        EXPECT_NE(answer.find("Content-Security-Policy: policy\r\n"), std::string::npos);
        EXPECT_NE(answer.find("X-Content-Type-Options: nosniff\r\n"), std::string::npos);
        EXPECT_TRUE(answer.ends_with("\r\n\r\nhere"));
        EXPECT_NE(fetch(port(), "/nowhere").find("default-src 'none'"), std::string::npos);
    });
}

TEST_F(DisplayServer, SendsTheNewestEventAtOnceAndThenEachNextOne) {
    serve([this] {
        publish("zero");
        publish("one");
        Browser browser{port()};
        browser.get("/events");
        const auto begin = browser.read_until("data: one\n\n");
        EXPECT_NE(begin.find("Content-Type: text/event-stream"), std::string::npos) << begin;
        EXPECT_EQ(begin.find("zero"), std::string::npos);
        publish("two");
        EXPECT_NE(browser.read_until("data: two\n\n").find("data: two\n\n"), std::string::npos);
        publish("three");
        EXPECT_NE(browser.read_until("data: three\n\n").find("data: three\n\n"), std::string::npos);
    });
}

TEST_F(DisplayServer, WaitsForTheFirstEventOfATopic) {
    serve([this] {
        Browser browser{port()};
        browser.get("/events");
        (void)browser.read_until("\r\n\r\n");
        publish("first");
        EXPECT_NE(browser.read_until("data: first").find("data: first"), std::string::npos);
    });
}

TEST_F(DisplayServer, EndsWhileBrowsersListen) {
    std::vector<Browser> browsers;
    serve([&] {
        publish("one");
        for (int i = 0; i < 10; ++i)
            browsers.emplace_back(port()).get("/events");
        for (Browser& browser : browsers)
            (void)browser.read_until("data: one");
    });
    EXPECT_EQ(server_->streams(), 10U);
    server_.reset();
    EXPECT_NE(browsers.back().read_until("\r\n0\r\n").find("data: one"), std::string::npos);
}

TEST_F(DisplayServer, TakesNothingButGetAndHead) {
    serve([this] {
        for (const char* verb : {"POST", "PUT", "DELETE", "OPTIONS", "TRACE"}) {
            Browser browser{port()};
            browser.say(std::string{verb} +
                        " /page HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
            EXPECT_TRUE(browser.read_until("").starts_with("HTTP/1.1 405")) << verb;
        }
        Browser browser{port()};
        browser.say("HEAD /page HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        EXPECT_TRUE(browser.read_until("").ends_with("\r\n\r\n"));
    });
}

TEST_F(DisplayServer, AnswersNobodyWhoCameByAnotherName) {
    serve([this] {
        for (const char* host :
             {"evil.example", "127.0.0.1.evil.example", "localhosts", "", "10.0.0.1"})
            EXPECT_TRUE(fetch(port(), "/page", host).starts_with("HTTP/1.1 403")) << host;
        for (const char* host : {"127.0.0.1:9470", "localhost", "localhost:80", "[::1]:9470"})
            EXPECT_TRUE(fetch(port(), "/page", host).starts_with("HTTP/1.1 200")) << host;
    });
}

TEST_F(DisplayServer, SurvivesBadRequests) {
    serve([this] {
        const std::string bad[] = {
            "\x16\x03\x01 hello\r\n\r\n",
            "GET\r\n\r\n",
            "GET /page\r\n",
            "GET /page HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -1\r\n\r\n",
            "GET /" + std::string(100'000, 'x'),
            "GET /page HTTP/1.1\r\nX: " + std::string(100'000, 'y'),
            std::string(1'000, '\0') + "\r\n\r\n",
            "GET /%00%ff/../../etc/passwd HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            "Connection: close\r\n\r\n"};
        for (const std::string& request : bad) {
            Browser browser{port()};
            browser.say(request);
            (void)browser.read_until("\r\n\r\n", std::chrono::milliseconds{200});
        }
        EXPECT_TRUE(fetch(port(), "/boom").starts_with("HTTP/1.1 500"));
        EXPECT_TRUE(fetch(port(), "/page").starts_with("HTTP/1.1 200"));
    });
}

TEST_F(DisplayServer, TellsOneStreamTooManyToComeBackLater) {
    serve([this] {
        publish("one");
        std::vector<Browser> browsers;
        for (unsigned i = 0; i < EventServer::kMostStreams; ++i) {
            browsers.emplace_back(port()).get("/events");
            ASSERT_NE(browsers.back().read_until("data: one").find("data: one"), std::string::npos);
        }
        const auto answer = fetch(port(), "/events");
        EXPECT_TRUE(answer.starts_with("HTTP/1.1 503")) << answer;
        EXPECT_NE(answer.find("Retry-After: 1"), std::string::npos);
        EXPECT_TRUE(fetch(port(), "/page").starts_with("HTTP/1.1 200"));
        publish("two");
        for (Browser& browser : browsers)
            EXPECT_NE(browser.read_until("data: two").find("data: two"), std::string::npos);
    });
}

TEST_F(DisplayServer, AnswersTenThousandConnectionsInTheirTurn) {
    constexpr std::size_t kTogether = 500;  // more than are answered at once
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
    serve([this] {
        std::size_t good = 0;
        std::size_t busy = 0;
        for (std::size_t done = 0; done < 10'000; done += kTogether) {
            std::vector<Browser> crowd;
            for (std::size_t i = 0; i < kTogether; ++i)
                crowd.emplace_back(port());
            for (Browser& browser : crowd)
                browser.get("/page", "Connection: close\r\n");
            for (Browser& browser : crowd) {
                const auto answer = browser.read_until("");
                good += answer.starts_with("HTTP/1.1 200") ? 1 : 0;
                busy += answer.starts_with("HTTP/1.1 503") ? 1 : 0;
            }
        }
        EXPECT_EQ(good + busy, 10'000U);
        EXPECT_GT(good, 0U);
        EXPECT_TRUE(fetch(port(), "/page").starts_with("HTTP/1.1 200"));
    });
}

TEST_F(DisplayServer, ForgetsAThousandBrowsersThatCameAndWent) {
    serve([this] {
        publish("one");
        for (int i = 0; i < 1'000; ++i) {
            Browser browser{port()};
            browser.get("/events");
            ASSERT_NE(browser.read_until("data: one").find("data: one"), std::string::npos) << i;
            if (i % 20 == 19) publish("one");  // as the display does once a second
        }
        while (streams() > 0)
            publish("two");
        EXPECT_TRUE(fetch(port(), "/page").starts_with("HTTP/1.1 200"));
    });
}

TEST_F(DisplayServer, PartsFromABrowserThatDoesNotRead) {
    serve([this] {
        publish("one");
        Browser good{port()};
        good.get("/events");
        (void)good.read_until("data: one");
        Browser slow{port()};
        slow.get("/events");
        while (streams() < 2) {
        }
        const std::string large(3'000, 'x');
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{60};
        while (streams() > 1 && std::chrono::steady_clock::now() < end) {
            publish(large);
            (void)good.read_until(large);
            good.forget();
        }
        EXPECT_EQ(streams(), 1U);
        publish("still here");
        EXPECT_NE(good.read_until("still here").find("still here"), std::string::npos);
    });
}

TEST_F(DisplayServer, CannotTakeAnAddressTwice) {
    const auto second = EventServer::listen(loop_, "127.0.0.1:" + std::to_string(port()),
                                            [](auto) { return HttpReply{HttpPage{}}; });
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, Errc::Io);
}

}  // namespace
}  // namespace stile::devices
