// SPDX-License-Identifier: Apache-2.0
#include "ring/seal.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace hab::ring {
namespace {

using crypto::RingKey;

RingKey key(std::string_view name) {
    return {{std::string(name), "20260101000000"},
            crypto::SecretBytes(Bytes(32, static_cast<std::byte>(name.back())))};
}

template <typename... Names>
Seal seal(Names... names) {
    std::vector<RingKey> keys;
    (keys.push_back(key(names)), ...);
    return Seal(std::move(keys));
}

Refusal passes(const Seal& from, const Seal& to, std::string_view text = "payload") {
    std::string wrapped;
    from.wrap(text, wrapped);
    std::string scratch;
    std::string_view payload;
    const Refusal refusal = to.open(wrapped, scratch, payload);
    EXPECT_TRUE(refusal != Refusal::none || payload == text);
    return refusal;
}

TEST(RingSeal, KeepsStrangersOut) {
    EXPECT_EQ(passes(seal("a"), seal("a")), Refusal::none);
    EXPECT_EQ(passes(seal("a"), seal("a"), ""), Refusal::none);
    EXPECT_EQ(passes(seal("a"), seal("b")), Refusal::not_authentic);
    EXPECT_EQ(passes(Seal(), seal("a")), Refusal::bad_nonce);
    EXPECT_EQ(passes(Seal(), Seal()), Refusal::none);
}

// The three steps of a rotation: at no time are there two members that do not understand each other.
TEST(RingSeal, ChangesItsKeyWithoutAFlagDay) {
    const Seal before = seal("old");
    const Seal learned = seal("old", "new");
    const Seal changed = seal("new", "old");
    const Seal after = seal("new");
    const std::vector<std::pair<const Seal*, const Seal*>> steps = {
        {&before, &learned}, {&learned, &changed}, {&changed, &after}};
    for (const auto& [one, other] : steps) {
        EXPECT_EQ(passes(*one, *other), Refusal::none);
        EXPECT_EQ(passes(*other, *one), Refusal::none);
    }
    EXPECT_EQ(passes(before, after), Refusal::not_authentic);
}

TEST(RingSeal, HasTwoKeysAtMost) {
    EXPECT_THROW((void)seal("a", "b", "c"), Error);
    EXPECT_THROW((void)seal("a", "a"), Error);
}

TEST(RingSeal, EveryMessageHasANonceOfItsOwn) {
    std::string one;
    std::string two;
    seal("a").wrap("x", one);
    seal("a").wrap("x", two);
    EXPECT_NE(one, two);
}

TEST(RingSeal, AChangedBitIsNoticed) {
    const Seal ours = seal("a");
    std::string wrapped;
    ours.wrap("payload", wrapped);
    std::string scratch;
    std::string_view payload;
    // From behind the flag on, which is not part of what is sealed and at which nobody looks.
    for (std::size_t bit = 16; bit < 8 * wrapped.size(); ++bit) {
        std::string changed = wrapped;
        changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << bit % 8));
        EXPECT_NE(ours.open(changed, scratch, payload), Refusal::none) << bit;
    }
}

}  // namespace
}  // namespace hab::ring
