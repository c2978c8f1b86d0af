#pragma once

#include "core/base/clock.h"

#include <QList>
#include <QString>
#include <QStringList>
#include <QUrl>

namespace antiphon {

/// How a platform keeps and names the files of messages, as far as fetching them goes.
struct MediaRules {
    /// Where the name of a file comes from.
    enum class FileName {
        FromEvent,        ///< the event says it
        FromReply,        ///< told with the file only (Content-Disposition)
        Guessed           ///< told nowhere: the adapter makes one by the kind it expects, and its ending follows the bytes
    };
    FileName fileName = FileName::FromEvent;
    std::chrono::hours retention{0};             ///< how long a file can be had: so long it is asked for every hour after the first tries. 0: a few tries are enough
    QList<Milliseconds> notFoundPauses{};        ///< between tries for a file that the platform told of before all of its servers have it; empty: what isn't found is gone
    bool hasFreshAddresses = true;               ///< asked again the platform gives another address: one that finds nothing any more is asked for anew, at once
    QStringList finalCodes{};                    ///< Error::code (an HTTP status) after which no further try can help: "400"
};

/// What a shared post is called and looks like.
struct PostCard {
    QString title{};
    QUrl picture{};              ///< https; may be empty
};

} // namespace antiphon
