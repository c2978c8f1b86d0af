#include "ui/onboarding/tunnelform.h"

#include "ui/models/tunneltext.h"
#include "ui/theme/theme.h"

#include <QBoxLayout>
#include <QButtonGroup>
#include <QLabel>
#include <QLineEdit>
#include <QRadioButton>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;
}

TunnelForm::TunnelForm(const Theme &theme, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_choices(new QButtonGroup(this))
    , m_names({u"cloudflared_quick"_s, u"cloudflared_named"_s, u"ssh"_s, u"own_domain"_s, u"localtunnel"_s, u"none"_s})
    , m_error(new QLabel(this))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(m_theme.px(4));
    for (int i = 0; i < m_names.size(); ++i) {
        const QString &name = m_names.at(i);
        auto *button = new QRadioButton(tunneltext::providerName(name), this);
        button->setAccessibleDescription(tunneltext::providerNeeds(name));
        button->setObjectName(name);
        m_choices->addButton(button, i);
        column->addWidget(button);
        auto *needs = new QLabel(tunneltext::providerNeeds(name), this);
        needs->setTextFormat(Qt::PlainText);
        needs->setWordWrap(true);
        needs->setContentsMargins(m_theme.px(24), 0, 0, m_theme.px(4));
        m_secondary.append(needs);
        column->addWidget(needs);
        QWidget *fields = buildFields(name);
        fields->hide();
        m_pages.insert(name, fields);
        column->addWidget(fields);
    }
    m_error->setTextFormat(Qt::PlainText);
    m_error->setWordWrap(true);
    m_error->hide();
    m_errors.append(m_error);
    column->addWidget(m_error);
    connect(m_choices, &QButtonGroup::idClicked, this, [this](int id) {
        m_isEdited = true;
        choose(m_names.at(id));
        emit edited();
    });
    connect(&m_theme, &Theme::changed, this, &TunnelForm::dress);
    dress();
}

QWidget *TunnelForm::buildFields(const QString &provider)
{
    auto *page = new QWidget(this);
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(m_theme.px(24), 0, 0, m_theme.px(8));
    column->setSpacing(m_theme.px(4));
    const QString address = tr("Public address");
    const QString example = u"https://inbox.example.com"_s;
    if (provider == "own_domain"_L1) {
        addField(column, provider, u"public_url"_s, address, example);
    } else if (provider == "cloudflared_named"_L1) {
        addField(column, provider, u"public_url"_s, address, example, tr("The public hostname of the tunnel, as it stands in the dashboard."));
        addField(column, provider, u"token"_s, tr("Tunnel token"), {}, tr("From the dashboard: Networks, Tunnels, your tunnel. It is kept encrypted."));
        addField(column, provider, u"tunnel"_s, tr("Or tunnel name"), {});
        addField(column, provider, u"credentials_file"_s, tr("Its credentials"), tr("/home/…/.cloudflared/….json"));
    } else if (provider == "ssh"_L1) {
        addField(column, provider, u"host"_s, tr("Host"), tr("server.example.com"));
        addField(column, provider, u"port"_s, tr("SSH port"), u"22"_s);
        addField(column, provider, u"user"_s, tr("User"), {});
        addField(column, provider, u"key_file"_s, tr("Key file"), tr("/home/…/.ssh/id_ed25519"), tr("A private key without passphrase, or one that an agent holds. Empty: the usual ones."));
        addField(column, provider, u"remote_port"_s, tr("Port on the host"), u"4280"_s);
        addField(column, provider, u"remote_address"_s, tr("Listens there on"), u"127.0.0.1"_s);
        addField(column, provider, u"public_url"_s, address, example, tr("The https address that your host's web server forwards to that port."));
    } else if (provider == "localtunnel"_L1) {
        addField(column, provider, u"server"_s, tr("Server"), u"https://localtunnel.me"_s, tr("Empty: the public one."));
        addField(column, provider, u"subdomain"_s, tr("Wished name"), {});
        addField(column, provider, u"public_url"_s, address, {}, tr("Only where a proxy stands before your server; else the server tells it."));
    }
    return page;
}

void TunnelForm::addField(QVBoxLayout *column, const QString &provider, const QString &key, const QString &name, const QString &placeholder, const QString &hint)
{
    Field field{.key = key, .edit = new QLineEdit(this), .error = new QLabel(this), .isSecret = key == "token"_L1, .isNumber = key.endsWith("port"_L1)};
    field.edit->setAccessibleName(name);
    field.edit->setPlaceholderText(placeholder);
    field.edit->setObjectName(key);
    if (field.isSecret)
        field.edit->setEchoMode(QLineEdit::Password);
    auto *row = new QHBoxLayout;
    row->setSpacing(m_theme.px(8));
    auto *label = new QLabel(name, this);
    label->setTextFormat(Qt::PlainText);
    label->setBuddy(field.edit);
    label->setMinimumWidth(m_theme.px(124));
    m_secondary.append(label);
    row->addWidget(label);
    row->addWidget(field.edit, 1);
    column->addLayout(row);
    const auto below = [&](QLabel *text) {
        text->setTextFormat(Qt::PlainText);
        text->setWordWrap(true);
        text->setContentsMargins(m_theme.px(132), 0, 0, 0);
        column->addWidget(text);
    };
    if (!hint.isEmpty()) {
        field.edit->setAccessibleDescription(hint);
        auto *words = new QLabel(hint, this);
        m_secondary.append(words);
        below(words);
    }
    below(field.error);
    field.error->hide();
    m_errors.append(field.error);
    connect(field.edit, &QLineEdit::textEdited, this, [this] {
        m_isEdited = true;
        showError({}, {});
        emit edited();
    });
    connect(field.edit, &QLineEdit::returnPressed, this, &TunnelForm::submitted);
    m_fields[provider].append(field);
}

void TunnelForm::choose(const QString &provider)
{
    m_provider = provider;
    for (auto it = m_pages.cbegin(); it != m_pages.cend(); ++it)
        it.value()->setVisible(it.key() == provider && !m_fields.value(provider).isEmpty());
    if (QAbstractButton *button = m_choices->button(int(m_names.indexOf(provider))))
        button->setChecked(true);
    showError({}, {});
}

void TunnelForm::setTunnel(const DeskTunnel &tunnel)
{
    for (const Field &field : std::as_const(m_fields[u"cloudflared_named"_s])) {
        if (field.isSecret)
            field.edit->setPlaceholderText(tunnel.secretsSet.contains(field.key) ? tr("Stored; leave empty to keep it") : QString());
    }
    if (m_isEdited)
        return;
    if (m_provider != tunnel.provider)
        choose(tunnel.provider);
    for (const Field &field : std::as_const(m_fields[tunnel.provider])) {
        const QJsonValue value = tunnel.settings.value(field.key);
        const QString text = value.isDouble() ? (value.toInt() == 0 ? QString() : QString::number(value.toInt())) : value.toString();
        if (!field.isSecret && field.edit->text() != text)
            field.edit->setText(text);
    }
}

QJsonObject TunnelForm::settings() const
{
    QJsonObject settings;
    for (const Field &field : m_fields.value(m_provider)) {
        const QString text = field.edit->text().trimmed();
        if (field.isSecret)
            continue;
        bool isNumber = false;
        const int number = text.toInt(&isNumber);
        if (field.isNumber && isNumber)
            settings.insert(field.key, number);
        else
            settings.insert(field.key, text.isEmpty() ? QJsonValue(QJsonValue::Null) : QJsonValue(text));
    }
    return settings;
}

QJsonObject TunnelForm::secrets() const
{
    QJsonObject secrets;
    for (const Field &field : m_fields.value(m_provider)) {
        if (field.isSecret && !field.edit->text().trimmed().isEmpty())
            secrets.insert(field.key, field.edit->text().trimmed());
    }
    return secrets;
}

void TunnelForm::clearSecrets()
{
    m_isEdited = false;
    for (const QList<Field> &fields : std::as_const(m_fields)) {
        for (const Field &field : fields) {
            if (field.isSecret)
                field.edit->clear();
        }
    }
}

void TunnelForm::showError(const QString &field, const QString &text)
{
    for (QLabel *error : std::as_const(m_errors))
        error->hide();
    if (text.isEmpty())
        return;
    QLabel *place = m_error;
    const QString key = field.section(u'.', -1);
    for (const Field &one : m_fields.value(m_provider)) {
        if (one.key == key) {
            place = one.error;
            one.edit->setFocus();
        }
    }
    place->setText(text);
    place->show();
}

void TunnelForm::dress()
{
    QPalette colors = m_theme.palette();
    colors.setColor(QPalette::WindowText, m_theme.color("text.secondary"_L1));
    for (QLabel *label : std::as_const(m_secondary)) {
        label->setFont(m_theme.font(TypeRole::Small));
        label->setPalette(colors);
    }
    colors.setColor(QPalette::WindowText, m_theme.color("danger.text"_L1));
    for (QLabel *error : std::as_const(m_errors)) {
        error->setFont(m_theme.font(TypeRole::Small));
        error->setPalette(colors);
    }
    const auto buttons = m_choices->buttons();
    for (QAbstractButton *button : buttons)
        button->setFont(m_theme.font(TypeRole::Body, true));
}

} // namespace antiphon
