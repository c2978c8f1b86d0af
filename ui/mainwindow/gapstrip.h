#pragma once

#include "ui/widgets/banner.h"

namespace antiphon {

class GapWatch;
class InboxModel;

/// Says which inboxes are being caught up with after an absence, then what that brought to each.
class GapStrip : public Banner {
    Q_OBJECT
public:
    GapStrip(const Theme &theme, const InboxModel &inboxes, GapWatch &watch, QWidget *parent = nullptr);

    QString text() const { return accessibleName(); }

private:
    void showGaps();

    const InboxModel &m_inboxes;
    GapWatch &m_watch;
};

} // namespace antiphon
