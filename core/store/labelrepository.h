#pragma once

#include "core/domain/agent.h"
#include "core/store/transaction.h"

namespace antiphon {

/// The workspace's labels, and which conversations wear them.
class LabelRepository {
public:
    explicit LabelRepository(ReadTransaction &tx) : m_tx(tx) {}

    Result<QList<Label>> all();
    Result<Label> byId(LabelId id);                                                      ///< NotFound
    Result<QStringList> titlesOf(ConversationId conversation);                           ///< sorted

    /// The label of a title, made with a colour of its own where there is none yet (told as label.created).
    static Result<LabelId> ensure(WriteTransaction &tx, const QString &title);
    static Result<void> replace(WriteTransaction &tx, ConversationId conversation, const QStringList &titles);

    /// Lower case, letters and digits of any script, "-" and "_"; blanks become "-". Nothing where no such character is left or it is over 60.
    static std::optional<QString> normalTitle(const QString &title);

private:
    ReadTransaction &m_tx;
};

} // namespace antiphon
