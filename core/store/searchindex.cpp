#include "core/store/searchindex.h"

#include "core/base/logging.h"
#include "core/store/searchworker.h"

#include <QPromise>
#include <QTimer>

#include <algorithm>
#include <array>

namespace antiphon {

using namespace Qt::StringLiterals;

namespace {

/// How long a file that can't be written is left alone: what takes its errors each millisecond takes a processor, and fills the log.
constexpr std::array kPauses{std::chrono::milliseconds(200), std::chrono::milliseconds(1000), std::chrono::milliseconds(5000)};

} // namespace

std::unique_ptr<SearchIndex> SearchIndex::open(const QString &path, const QString &databasePath)
{
    return std::unique_ptr<SearchIndex>(new SearchIndex(std::make_unique<SearchWorker>(path, databasePath)));
}

SearchIndex::SearchIndex(std::unique_ptr<SearchWorker> worker)
    : m_worker(std::move(worker))
    , m_mailbox(new Mailbox)
{
    m_thread.setObjectName(u"search"_s);
    m_mailbox->moveToThread(&m_thread);
    m_thread.start(QThread::LowPriority);
    changesArrived();
}

SearchIndex::~SearchIndex()
{
    m_ends = true;
    m_mailbox->post([this] {
        m_worker.reset();                    // its connections belong to this thread
        m_thread.quit();
    });
    m_thread.wait();
    delete m_mailbox;
}

QFuture<Result<SearchIndex::Page>> SearchIndex::search(const Question &question)
{
    auto promise = std::make_shared<QPromise<Result<Page>>>();
    promise->start();
    const QFuture<Result<Page>> future = promise->future();
    m_mailbox->post([this, promise, question] {
        promise->addResult(answer(question));
        promise->finish();
    });
    return future;
}

void SearchIndex::search(const Question &question, Mailbox &mailbox, std::function<void(Result<Page>)> done)
{
    m_mailbox->post([this, question, target = mailbox.address(), done = std::move(done)] {
        Result<Page> page = answer(question);
        target.post([done, page = std::move(page)] { done(page); });
    });
}

/// What is asked while the index is being closed is not searched any more.
Result<SearchIndex::Page> SearchIndex::answer(const Question &question)
{
    if (m_ends || !m_worker)
        return Error{Error::Kind::Unavailable, u"the search is closed"_s};
    Result<Page> page = m_worker->search(question);
    if (!page && m_worker->takeRemoved())
        page = m_worker->search(question);   // a damaged file is gone: the answer is that of one that is being built
    if (page && !page->isComplete)
        changesArrived();
    return page;
}

void SearchIndex::changesArrived()
{
    if (!m_isAwake.exchange(true))
        m_mailbox->post([this] { goOn(); });
}

/// One slice; the next one is posted behind the searches that came meanwhile.
void SearchIndex::goOn()
{
    m_isAwake = false;                       // before reading: what comes from now on asks again
    if (m_ends || !m_worker || !m_pause.hasExpired())
        return;
    const Result<bool> more = m_worker->readIn();
    if (!more) {
        qCWarning(lcStore) << "the search index can't go on:" << describe(more.error());
        return goOnLater();
    }
    m_failures = 0;
    if (*more)
        changesArrived();
}

/// The first time at once where a damaged file was taken away: it is built anew then.
void SearchIndex::goOnLater()
{
    const bool isFresh = m_worker->takeRemoved() && m_failures == 0;
    const std::chrono::milliseconds pause = isFresh ? std::chrono::milliseconds(0) : kPauses.at(size_t(std::min(m_failures, int(kPauses.size()) - 1)));
    ++m_failures;
    m_pause.setRemainingTime(pause);
    QTimer::singleShot(pause, Qt::PreciseTimer, m_mailbox, [this] {
        m_pause = QDeadlineTimer(0);          // over, whatever the clock says: nobody else asks again
        goOn();
    });
}

} // namespace antiphon
