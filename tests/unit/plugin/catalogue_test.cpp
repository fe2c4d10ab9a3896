// SPDX-License-Identifier: Apache-2.0
#include "plugin/catalogue.hpp"

#include <elf.h>
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <cstring>

#include "fixtures.hpp"

namespace hab::plugin::test {
namespace {

using ::testing::HasSubstr;

/// The first row for an id.
Candidate row(const Catalogue& catalogue, std::string_view id) {
    for (const auto& candidate : catalogue.rows()) {
        if (candidate.id == id) return candidate;
    }
    ADD_FAILURE() << "no row " << id;
    return {};
}

TEST(Catalogue, OneFileMayHoldSeveralPlugins) {
    const PluginDir dir;
    const auto file = dir.add("good");
    const auto catalogue = Catalogue::discover(dir.plan());
    ASSERT_EQ(catalogue.rows().size(), 5u);
    const auto* good = catalogue.find(Kind::exporter, "good");
    ASSERT_NE(good, nullptr);
    EXPECT_EQ(good->path, fs::canonical(file));
    EXPECT_EQ(good->meta.version, "1.2.3");
    EXPECT_EQ(good->meta.vendor, "Acme");
    EXPECT_EQ(good->meta.options.size(), 3u);
    EXPECT_NE(catalogue.find(Kind::template_engine, "echo"), nullptr);
    EXPECT_EQ(catalogue.find(Kind::studio, "good"), nullptr);
}

TEST(Catalogue, BadFilesAreRowsWithAReason) {
    const PluginDir dir;
    dir.add_text("hab-exporter-text.so", "#!/bin/sh\n");
    dir.add("abi-2");
    dir.add("needs-later-host");
    dir.add("no-section");
    auto bytes = read_file(fixture_file("later"));
    const std::uint16_t machine = EM_RISCV;
    std::memcpy(bytes.data() + offsetof(Elf64_Ehdr, e_machine), &machine, sizeof machine);
    dir.add_text("hab-exporter-riscv.so", bytes);
    dir.add_text("hab-exporter-cut.so", read_file(fixture_file("later")).substr(0, 200));
    fs::create_directory(dir.path() / "hab-exporter-dir.so");
    fs::create_symlink("/nowhere", dir.path() / "hab-exporter-dangling.so");
    ::mkfifo((dir.path() / "hab-exporter-fifo.so").c_str(), 0600);

    const auto catalogue = Catalogue::discover(dir.plan());
    EXPECT_EQ(row(catalogue, "hab-exporter-text.so").state, State::broken);
    EXPECT_EQ(row(catalogue, "hab-exporter-text.so").reason, "not an ELF file");
    EXPECT_EQ(row(catalogue, "hab-exporter-riscv.so").state, State::wrong_arch);
    EXPECT_EQ(row(catalogue, "hab-exporter-cut.so").reason, "cut off before its section table");
    EXPECT_EQ(row(catalogue, "hab-exporter-fixture-no-section.so").state, State::broken);
    EXPECT_EQ(row(catalogue, "hab-exporter-dir.so").reason, "not a regular file");
    EXPECT_EQ(row(catalogue, "hab-exporter-fifo.so").reason, "not a regular file");
    EXPECT_EQ(row(catalogue, "hab-exporter-dangling.so").reason, "No such file or directory");
    std::vector<std::string> abi;
    for (const auto& candidate : catalogue.rows()) {
        if (candidate.state == State::wrong_abi) abi.push_back(candidate.reason);
    }
    EXPECT_THAT(abi, ::testing::ElementsAre("plugin needs abi 2.0, this hab speaks 1.0",
                                            "plugin needs abi 1.5, this hab speaks 1.0"));
    EXPECT_TRUE(catalogue.usable(Kind::exporter).empty());
}

TEST(Catalogue, ADirectoryThatOthersMayWriteIsNotTrusted) {
    const PluginDir dir;
    dir.add("later");
    fs::permissions(dir.path(), fs::perms(0777));
    const auto catalogue = Catalogue::discover(dir.plan());
    EXPECT_EQ(row(catalogue, "raw").state, State::untrusted);
    EXPECT_THAT(row(catalogue, "raw").reason, HasSubstr("is writable by others (mode 0777)"));
    const auto error = error_of([&] { (void)catalogue.require(Kind::exporter, "raw"); });
    EXPECT_EQ(error.code(), ErrorCode::denied);
    EXPECT_THAT(error.message(), HasSubstr("exporter raw cannot be used"));
    EXPECT_THAT(error.message(), HasSubstr("untrusted"));
}

TEST(Catalogue, ALinkInAnOpenDirectoryIsNotTrustedEither) {
    const PluginDir safe;
    const PluginDir open;
    fs::create_symlink(safe.add("later"), open.path() / "hab-exporter-raw.so");
    fs::permissions(open.path(), fs::perms(0777));
    EXPECT_EQ(row(Catalogue::discover(open.plan()), "raw").state, State::untrusted);
}

TEST(Catalogue, TheFirstOfKindAndIdWins) {
    const PluginDir first;
    const PluginDir second;
    first.add("later");
    second.add("later");
    auto plan = second.plan();
    plan.env_dirs = {first.path()};
    const auto catalogue = Catalogue::discover(plan);
    ASSERT_EQ(catalogue.rows().size(), 2u);
    EXPECT_EQ(catalogue.rows()[0].source, Source::env);
    EXPECT_EQ(catalogue.rows()[0].state, State::ok);
    EXPECT_EQ(catalogue.rows()[1].state, State::shadowed);
    EXPECT_EQ(catalogue.rows()[1].reason, "by env copy 1.0.0");
}

TEST(Catalogue, AFileReachedTwiceIsOneRow) {
    const PluginDir dir;
    const auto file = dir.add("later");
    auto plan = dir.plan();
    plan.files = {file};
    plan.env_dirs = {dir.path()};
    const auto catalogue = Catalogue::discover(plan);
    ASSERT_EQ(catalogue.rows().size(), 1u);
    EXPECT_EQ(catalogue.rows()[0].source, Source::option);
}

TEST(Catalogue, ABadCopyDoesNotShadowAGoodOne) {
    const PluginDir bad;
    const PluginDir good;
    bad.add("later");
    good.add("later");
    fs::permissions(bad.path(), fs::perms(0777));
    auto plan = good.plan();
    plan.env_dirs = {bad.path()};
    const auto catalogue = Catalogue::discover(plan);
    ASSERT_NE(catalogue.find(Kind::exporter, "raw"), nullptr);
    EXPECT_EQ(catalogue.find(Kind::exporter, "raw")->source, Source::builtin);
}

TEST(Catalogue, SwitchedOff) {
    const PluginDir dir;
    dir.add("later");
    auto plan = dir.plan();
    plan.disabled = {"exporter/raw"};
    EXPECT_EQ(row(Catalogue::discover(plan), "raw").state, State::disabled);
}

TEST(Catalogue, MissingDirectoriesAreFine) {
    SearchPlan plan;
    plan.env_dirs = {"/nonexistent"};
    plan.builtin_dir = "/nonexistent/too";
    EXPECT_TRUE(Catalogue::discover(plan).rows().empty());
}

TEST(Catalogue, UnknownIdsGetAHint) {
    const PluginDir dir;
    dir.add("good");
    const auto catalogue = Catalogue::discover(dir.plan());
    const auto near = error_of([&] { (void)catalogue.require(Kind::exporter, "goood"); });
    EXPECT_EQ(near.code(), ErrorCode::not_found);
    EXPECT_EQ(near.message(), "there is no exporter plugin 'goood'");
    EXPECT_EQ(near.hint(), "did you mean 'good'?");
    EXPECT_EQ(error_of([&] { (void)catalogue.require(Kind::exporter, "zzzzzzzz"); }).hint(),
              "there are: good, minimal");
}

TEST(Catalogue, AFileNamedByTheUserIsNeverPassedOverInSilence) {
    const PluginDir dir;
    dir.add("good");
    auto plan = dir.plan();
    plan.files = {dir.path() / "missing.so"};
    const auto catalogue = Catalogue::discover(plan);
    const auto error = error_of([&] { (void)catalogue.require(Kind::exporter, "good"); });
    EXPECT_THAT(error.message(), HasSubstr("missing.so is broken: No such file or directory"));
}

}  // namespace
}  // namespace hab::plugin::test
