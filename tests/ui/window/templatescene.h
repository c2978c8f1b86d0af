#pragma once

#include <QJsonArray>
#include <QJsonObject>

namespace antiphon::test {

/// The answer of `templates.list`: one with places and buttons, one with a picture, one that was rejected.
inline QJsonObject templateAnswer(const QString &sync = QStringLiteral("done"))
{
    using namespace Qt::StringLiterals;
    const auto one = [](const QString &name, const QString &language, const QString &status, const QJsonArray &components) {
        return QJsonObject{{u"inbox_id"_s, u"2"_s}, {u"name"_s, name}, {u"language"_s, language}, {u"template_id"_s, u"1"_s}, {u"status"_s, status},
                           {u"category"_s, u"UTILITY"_s}, {u"parameter_format"_s, u"POSITIONAL"_s}, {u"components"_s, components},
                           {u"rejected_reason"_s, status == "REJECTED"_L1 ? u"ABUSIVE_CONTENT"_s : QString()}, {u"synced_at"_s, u"2025-11-17T09:00:00.000Z"_s}};
    };
    const QJsonObject body{{u"type"_s, u"BODY"_s}, {u"text"_s, u"Hello {{1}}, order {{2}} is ready."_s},
                           {u"example"_s, QJsonObject{{u"body_text"_s, QJsonArray{QJsonArray{u"Ada"_s, u"1184"_s}}}}}};
    const QJsonObject footer{{u"type"_s, u"FOOTER"_s}, {u"text"_s, u"Tidewick Ceramics"_s}};
    const QJsonObject buttons{{u"type"_s, u"BUTTONS"_s},
                              {u"buttons"_s, QJsonArray{QJsonObject{{u"type"_s, u"QUICK_REPLY"_s}, {u"text"_s, u"Thank you"_s}},
                                                        QJsonObject{{u"type"_s, u"URL"_s}, {u"text"_s, u"Track it"_s}, {u"url"_s, u"https://shop.example/t/{{1}}"_s}}}}};
    const QJsonObject picture{{u"type"_s, u"HEADER"_s}, {u"format"_s, u"IMAGE"_s}};
    const QJsonObject plain{{u"type"_s, u"BODY"_s}, {u"text"_s, u"New pieces have come."_s}};
    return {{u"items"_s, QJsonArray{one(u"order_ready"_s, u"en"_s, u"APPROVED"_s, {body, footer, buttons}), one(u"new_pieces"_s, u"de"_s, u"APPROVED"_s, {picture, plain}),
                                    one(u"old_offer"_s, u"en"_s, u"REJECTED"_s, {plain})}},
            {u"synced_at"_s, u"2025-11-17T09:00:00.000Z"_s}, {u"sync"_s, sync}, {u"error"_s, QJsonValue()}};
}

} // namespace antiphon::test
