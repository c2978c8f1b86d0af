#pragma once

#include "core/base/random.h"
#include "core/base/result.h"

#include <QByteArray>
#include <QString>

namespace antiphon {

/// Authenticated encryption of single values: AES-256-GCM, 12 random bytes as nonce, 16 bytes of tag, the version and the value's name
/// as associated data, so that a sealed value can't be moved to another name (NIST SP 800-38D; OpenSSL does the work).
/// Form: version byte 1, nonce, ciphertext, tag.
class SealedBox {
public:
    static constexpr int kKeyBytes = 32;

    /// @param key exactly kKeyBytes; wiped when the box is destroyed.
    explicit SealedBox(QByteArray key);
    ~SealedBox();
    SealedBox(const SealedBox &) = delete;
    SealedBox &operator=(const SealedBox &) = delete;

    Result<QByteArray> seal(const QString &name, const QByteArray &plain, RandomSource &random) const;

    /// BadPayload where the value was sealed under another key or name, or was altered.
    Result<QByteArray> open(const QString &name, const QByteArray &sealed) const;

private:
    QByteArray m_key;
};

/// A key from a passphrase: scrypt with N = 2^15, r = 8, p = 1 (RFC 7914), about 0.1 s and 32 MiB.
/// @param salt 16 bytes or more.
Result<QByteArray> keyFromPassphrase(const QByteArray &passphrase, const QByteArray &salt);

/// Overwrites the bytes before they are freed.
void wipe(QByteArray &bytes);

} // namespace antiphon
