#include "tests/ui/telegramscene.h"

#include "tests/ui/scene.h"

namespace antiphon::test {
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

QList<Message> albumRows(int firstId, int count, const QString &caption)
{
    QList<Message> rows;
    for (int i = 0; i < count; ++i) {
        const bool isFilm = i % 4 == 3;
        Attachment file = attachment(500 + firstId + i, isFilm ? Attachment::Kind::Video : Attachment::Kind::Image);
        file.durationMs = isFilm ? std::optional(42'000) : std::nullopt;
        Message row = incoming(firstId + i, i == 0 ? caption : QString(), kNow - 40min + Milliseconds(i * 300));
        row.groupId = u"13900%1"_s.arg(firstId);
        row.attachments = {file};
        rows << row;
    }
    return rows;
}

QList<Message> telegramStory()
{
    QList<Message> rows{incoming(10001, u"Hello! The parcel is here, thank you. Two of the bowls have a crack, though."_s, kNow - 41min)};
    rows << albumRows(10010, 4, u"The first three, and a film of how it was packed"_s);
    Message away = echo(10020, u"Thank you for your message. We answer within the day."_s, kNow - 39min);
    away.sender.name = u"Automatic message"_s;
    rows << away;
    Message tool = echo(10021, u"Your case has the number 4711."_s, kNow - 38min);
    tool.sender.name = u"@tidewick_cases_bot"_s;
    rows << tool;
    rows << echo(10022, u"I am so sorry! I send you two new ones today."_s, kNow - 20min);
    rows << outgoing(10023, u"They left this morning, with **more paper** around them."_s, kNow - 5min, MessageStatus::Delivered);
    for (Message &row : rows) {
        row.conversationId = ConversationId(10);
        row.inboxId = InboxId(5);
        if (row.sender.type == Sender::Type::Contact)
            row.sender.name = u"Thandi Mokwele"_s;
    }
    return rows;
}

} // namespace antiphon::test
