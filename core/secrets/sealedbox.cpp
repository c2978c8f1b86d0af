#include "core/secrets/sealedbox.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <memory>

namespace antiphon {
namespace {

constexpr char kVersion = 1;
constexpr int kNonceBytes = 12;
constexpr int kTagBytes = 16;

struct ContextDeleter {
    void operator()(EVP_CIPHER_CTX *context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, ContextDeleter>;

const unsigned char *bytes(const QByteArray &array) { return reinterpret_cast<const unsigned char *>(array.constData()); }
unsigned char *bytes(QByteArray &array) { return reinterpret_cast<unsigned char *>(array.data()); }

QByteArray associatedData(const QString &name)
{
    return QByteArray(1, kVersion) + name.toUtf8();
}

Error failed(const char *what)
{
    return {Error::Kind::Storage, QStringLiteral("OpenSSL: %1").arg(QLatin1StringView(what))};
}

} // namespace

SealedBox::SealedBox(QByteArray key)
    : m_key(std::move(key))
{
    Q_ASSERT(m_key.size() == kKeyBytes);
}

SealedBox::~SealedBox()
{
    wipe(m_key);
}

Result<QByteArray> SealedBox::seal(const QString &name, const QByteArray &plain, RandomSource &random) const
{
    const Context context(EVP_CIPHER_CTX_new());
    const QByteArray nonce = random.bytes(kNonceBytes);
    const QByteArray associated = associatedData(name);
    QByteArray cipher(plain.size(), Qt::Uninitialized);
    QByteArray tag(kTagBytes, Qt::Uninitialized);
    int length = 0;
    if (!context || EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, bytes(m_key), bytes(nonce)) != 1
        || EVP_EncryptUpdate(context.get(), nullptr, &length, bytes(associated), int(associated.size())) != 1
        || EVP_EncryptUpdate(context.get(), bytes(cipher), &length, bytes(plain), int(plain.size())) != 1
        || EVP_EncryptFinal_ex(context.get(), bytes(cipher) + length, &length) != 1
        || EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes, bytes(tag)) != 1)
        return failed("seal");
    return QByteArray(1, kVersion) + nonce + cipher + tag;
}

Result<QByteArray> SealedBox::open(const QString &name, const QByteArray &sealed) const
{
    if (sealed.size() < 1 + kNonceBytes + kTagBytes || sealed.at(0) != kVersion)
        return Error{Error::Kind::BadPayload, QStringLiteral("not a sealed value of this version")};
    const QByteArray nonce = sealed.mid(1, kNonceBytes);
    const QByteArray cipher = sealed.mid(1 + kNonceBytes, sealed.size() - 1 - kNonceBytes - kTagBytes);
    QByteArray tag = sealed.right(kTagBytes);
    const QByteArray associated = associatedData(name);
    QByteArray plain(cipher.size(), Qt::Uninitialized);
    const Context context(EVP_CIPHER_CTX_new());
    int length = 0;
    if (!context || EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, bytes(m_key), bytes(nonce)) != 1
        || EVP_DecryptUpdate(context.get(), nullptr, &length, bytes(associated), int(associated.size())) != 1
        || EVP_DecryptUpdate(context.get(), bytes(plain), &length, bytes(cipher), int(cipher.size())) != 1
        || EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, bytes(tag)) != 1)
        return failed("open");
    if (EVP_DecryptFinal_ex(context.get(), bytes(plain) + length, &length) != 1) {
        wipe(plain);
        return Error{Error::Kind::BadPayload, QStringLiteral("sealed under another key or name, or altered")};
    }
    return plain;
}

Result<QByteArray> keyFromPassphrase(const QByteArray &passphrase, const QByteArray &salt)
{
    constexpr quint64 kN = 1 << 15;
    constexpr quint64 kR = 8;
    constexpr quint64 kP = 1;
    constexpr quint64 kMaxMemory = 64 * 1024 * 1024;   // the default of 32 MiB is just too small for these figures
    QByteArray key(SealedBox::kKeyBytes, Qt::Uninitialized);
    if (EVP_PBE_scrypt(passphrase.constData(), size_t(passphrase.size()), bytes(salt), size_t(salt.size()), kN, kR, kP, kMaxMemory,
                       bytes(key), size_t(key.size())) != 1)
        return failed("scrypt");
    return key;
}

void wipe(QByteArray &secret)
{
    if (!secret.isEmpty() && secret.isDetached())
        OPENSSL_cleanse(secret.data(), size_t(secret.size()));
    secret.clear();
}

} // namespace antiphon
