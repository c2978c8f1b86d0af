#pragma once

#include "core/base/result.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QStringList>

namespace antiphon {

/// What a template leaves to be filled in, read from its components in the platform's own words.
/// @see https://developers.facebook.com/docs/whatsapp/business-management-api/message-templates/components
struct TemplatePlaces {
    struct Button {
        QString type{};                      ///< "URL", "QUICK_REPLY", "COPY_CODE" …
        QString label{};
        bool takesValue = false;
    };
    QString headerFormat{};                  ///< "TEXT", "IMAGE", "VIDEO", "DOCUMENT", "LOCATION"; empty: no header
    QStringList header{};                    ///< names of its places, in their order: "1" or "first_name"
    QStringList body{};
    QList<Button> buttons{};

    bool takesFile() const;                  ///< its header is a picture, a video or a document: the message's one attachment
    QStringList buttonLabels() const;
};

TemplatePlaces placesOf(const QJsonArray &components);

/// Whether `values` fill all places, with what the platform lets stand there: {header: [text], body: [text] in the order of the places or {name: text},
/// buttons: [text], one for each button that takes one, in their order}. Invalid with `field` "template.values.body" and the like.
Result<void> checkTemplateValues(const QJsonArray &components, const QJsonObject &values);

/// What the customer will read: header, body and footer, filled in. Places without a value stay as they are.
QString renderedTemplate(const QJsonArray &components, const QJsonObject &values);

} // namespace antiphon
