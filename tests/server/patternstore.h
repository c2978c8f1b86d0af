#pragma once

#include "core/server/filestore.h"

#include <QCryptographicHash>
#include <QHash>
#include <QObject>
#include <QTimer>

namespace antiphon::test {

/// The byte at each offset of every file that PatternStore serves.
inline char patternByte(qint64 offset) { return char('a' + offset % 23); }

inline QByteArray pattern(qint64 offset, qint64 length)
{
    QByteArray bytes(length, '\0');
    for (qint64 i = 0; i < length; ++i)
        bytes[i] = patternByte(offset + i);
    return bytes;
}

/// Keeps no byte: uploads are summed up, downloads are made of patternByte(). Answers later, like a thread does, and counts what is on its way.
class PatternStore final : public QObject, public FileStore {
public:
    struct File {
        qint64 size = 0;
        QByteArray mimeType{};
        QString name{};
    };

    void create(std::function<void(const Result<std::shared_ptr<FileSink>> &)> done) override;
    void addAttachment(const NewAttachment &attachment, std::function<void(const Result<QByteArray> &)> done) override
    {
        added.append(attachment);
        later([done] { done(QByteArray("{\"id\":\"7\"}")); });
    }
    void openAttachment(AgentId agent, AttachmentId id, SourceDone done) override
    {
        lastAgent = agent;
        open(QByteArray::number(id.value()), std::move(done));
    }
    void openMedia(const QByteArray &token, SourceDone done) override { open(token, std::move(done)); }

    QHash<QByteArray, File> files;            // by id or token
    QList<NewAttachment> added;
    AgentId lastAgent;
    int openSinks = 0;
    qint64 onTheirWay = 0;
    qint64 mostOnTheirWay = 0;
    bool isDiskFull = false;
    bool isReadBroken = false;
    int delay = 0;                            // ms

    void later(std::function<void()> what) { QTimer::singleShot(delay, this, std::move(what)); }

private:
    class Sink;
    class Source;
    void open(const QByteArray &key, SourceDone done);
};

class PatternStore::Sink final : public FileSink {
public:
    explicit Sink(PatternStore &store) : m_store(store) { ++m_store.openSinks; }
    ~Sink() override { --m_store.openSinks; }
    void append(const QByteArray &piece, std::function<void(const Result<void> &)> done) override
    {
        m_hash.addData(piece);
        m_size += piece.size();
        m_store.onTheirWay += piece.size();
        m_store.mostOnTheirWay = std::max(m_store.mostOnTheirWay, m_store.onTheirWay);
        m_store.later([&store = m_store, size = piece.size(), done] {
            store.onTheirWay -= size;
            done(store.isDiskFull ? Result<void>(Error{.kind = Error::Kind::Storage}) : Result<void>());
        });
    }
    void finish(std::function<void(const Result<StoredFile> &)> done) override
    {
        m_store.later([done, file = StoredFile{m_hash.result().toHex(), m_size}] { done(file); });
    }

private:
    PatternStore &m_store;
    QCryptographicHash m_hash{QCryptographicHash::Sha256};
    qint64 m_size = 0;
};

class PatternStore::Source final : public FileSource {
public:
    Source(PatternStore &store, File file) : m_store(store), m_file(std::move(file)) {}
    qint64 size() const override { return m_file.size; }
    QByteArray sha256() const override { return QByteArray(64, 'e'); }
    QByteArray mimeType() const override { return m_file.mimeType; }
    QString fileName() const override { return m_file.name; }
    void read(qint64 offset, qint64 length, std::function<void(const Result<QByteArray> &)> done) override
    {
        m_store.later([&store = m_store, offset, length, done] {
            if (store.isReadBroken && offset > 0)
                done(Error{.kind = Error::Kind::Storage});
            else
                done(pattern(offset, length));
        });
    }

private:
    PatternStore &m_store;
    File m_file;
};

inline void PatternStore::create(std::function<void(const Result<std::shared_ptr<FileSink>> &)> done)
{
    later([this, done] { done(std::shared_ptr<FileSink>(std::make_shared<Sink>(*this))); });
}

inline void PatternStore::open(const QByteArray &key, SourceDone done)
{
    later([this, key, done] {
        if (files.contains(key))
            done(std::shared_ptr<FileSource>(std::make_shared<Source>(*this, files.value(key))));
        else
            done(Error{.kind = Error::Kind::NotFound});
    });
}

} // namespace antiphon::test
