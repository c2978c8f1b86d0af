#include "core/base/mailbox.h"
#include "tests/support/testmain.h"

#include <QTest>
#include <QThread>

#include <thread>

using namespace antiphon;

class MailboxTest : public QObject {
    Q_OBJECT
private slots:
    void runsEverythingOnceInTheOrderOfEachPoster()
    {
        constexpr int kPosters = 4;
        constexpr int kEach = 5000;
        Mailbox mailbox;
        std::vector<std::vector<int>> seen(kPosters);
        std::vector<std::thread> posters;
        for (int p = 0; p < kPosters; ++p) {
            posters.emplace_back([&mailbox, &seen, p] {
                for (int i = 0; i < kEach; ++i)
                    mailbox.post([&seen, p, i] { seen[size_t(p)].push_back(i); });
            });
        }
        for (std::thread &poster : posters)
            poster.join();
        for (int p = 0; p < kPosters; ++p) {
            QTRY_COMPARE(int(seen[size_t(p)].size()), kEach);
            for (int i = 0; i < kEach; ++i)
                QCOMPARE(seen[size_t(p)][size_t(i)], i);
        }
    }

    void aClosurePostedWhileDrainingRunsToo()
    {
        Mailbox mailbox;
        int runs = 0;
        mailbox.post([&] {
            ++runs;
            mailbox.post([&] { ++runs; });
        });
        QTRY_COMPARE(runs, 2);
    }
};

ANTIPHON_TEST(MailboxTest)
#include "tst_mailbox.moc"
