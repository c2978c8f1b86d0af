#pragma once

#include <QByteArray>
#include <QString>

namespace antiphon {

/// Where randomness comes from, so that tests decide it.
class RandomSource {
public:
    virtual ~RandomSource() = default;
    virtual QByteArray bytes(int count) = 0;   ///< safe to call from any thread
};

/// The operating system's generator.
class SystemRandom final : public RandomSource {
public:
    QByteArray bytes(int count) override;
};

/// `bits` random bits (a multiple of 8) as base64url without padding: tokens, nonces, owner tokens.
QString randomToken(RandomSource &random, int bits = 128);

/// A random UUID (RFC 9562, version 4) without braces.
QString randomUuid(RandomSource &random);

} // namespace antiphon
