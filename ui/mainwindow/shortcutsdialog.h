#pragma once

#include <QDialog>

namespace antiphon {

class Actions;
class Theme;

/// All actions with their keys, by group, to be read.
class ShortcutsDialog : public QDialog {
    Q_OBJECT
public:
    ShortcutsDialog(const Actions &actions, const Theme &theme, QWidget *parent = nullptr);
};

} // namespace antiphon
