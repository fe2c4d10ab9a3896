// SPDX-License-Identifier: Apache-2.0
#include "supervisor/console_writer.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "base/clock.hpp"

namespace hab::supervisor {
namespace {

using std::chrono::milliseconds;

std::string missing(std::size_t lines) {
    return "missing " + std::to_string(lines) + "\n";
}

/// Two connected descriptors, of a pipe or of a socket as a journal has it.
struct Ends {
    UniqueFd read, write;
    explicit Ends(bool socket) {
        int fds[2];
        const int made = socket ? ::socketpair(AF_UNIX, SOCK_STREAM, 0, fds) : ::pipe(fds);
        EXPECT_EQ(made, 0);
        read.reset(fds[0]);
        write.reset(fds[1]);
    }
    /// What can be read now.
    std::string take() const {
        ::fcntl(read.get(), F_SETFL, O_NONBLOCK);
        std::string text;
        char buffer[65536];
        for (ssize_t n = 0; (n = ::read(read.get(), buffer, sizeof buffer)) > 0;)
            text.append(buffer, static_cast<std::size_t>(n));
        return text;
    }
};

class ConsoleWriterTest : public ::testing::TestWithParam<bool> {
protected:
    /// What is to be done now, and no waiting.
    void round() {
        loop_.restart();
        loop_.poll();
    }
    boost::asio::io_context loop_;
    Ends ends_{GetParam()};
};

TEST_P(ConsoleWriterTest, WritesLinesInOrder) {
    const auto writer = std::make_shared<ConsoleWriter>(loop_, ends_.write.get(), missing);
    writer->write("one\n");
    writer->write("two\n");
    loop_.run();
    EXPECT_EQ(ends_.take(), "one\ntwo\n");
    EXPECT_EQ(::fcntl(ends_.write.get(), F_GETFL) & O_NONBLOCK, 0) << "others share it";
}

TEST_P(ConsoleWriterTest, NobodyWhoReadsHoldsUpNothingAndIsToldWhatIsMissing) {
    const auto writer = std::make_shared<ConsoleWriter>(loop_, ends_.write.get(), missing);
    const std::string line(1023, 'x');
    for (int i = 0; i < 4096; ++i) {
        writer->write(line + "\n");
        round();  // returns although nobody reads
    }
    std::string all;
    const auto deadline = SystemClock().now() + std::chrono::seconds(60);
    while (all.find("missing ") == std::string::npos && SystemClock().now() < deadline) {
        all += ends_.take();
        round();
    }
    writer->write("the end\n");
    round();
    all += ends_.take();
    const auto at = all.find("missing ");
    ASSERT_NE(at, std::string::npos);
    const auto lost = std::stoul(all.substr(at + 8));
    const auto kept = static_cast<std::size_t>(std::count(all.begin(), all.end(), '\n')) - 2;
    EXPECT_EQ(kept + lost, 4096u);
    EXPECT_GE(kept * 1024, ConsoleWriter::most_kept - 1024);
    EXPECT_TRUE(all.ends_with("the end\n"));
}

TEST_P(ConsoleWriterTest, AReaderWhoIsGoneCostsNothing) {
    ::signal(SIGPIPE, SIG_IGN);
    const auto writer = std::make_shared<ConsoleWriter>(loop_, ends_.write.get(), missing);
    ends_.read.reset();
    const auto begun = SystemClock().now();
    writer->write("unheard\n");
    loop_.run();
    writer->flush(milliseconds(30'000));
    EXPECT_LT(SystemClock().now() - begun, milliseconds(30'000)) << "it did not wait for nobody";
}

INSTANTIATE_TEST_SUITE_P(PipeAndSocket, ConsoleWriterTest, ::testing::Bool());

}  // namespace
}  // namespace hab::supervisor
