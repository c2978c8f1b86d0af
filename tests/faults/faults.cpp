#include "tests/faults/faults.h"

#include <QRegularExpression>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>

#include <algorithm>

namespace antiphon::test {
using namespace Qt::StringLiterals;

int times(int few, int all)
{
    bool isNumber = false;
    const int asked = qEnvironmentVariableIntValue("ANTIPHON_FAULTS_TIMES", &isNumber);
    if (isNumber)
        return asked;
    return qEnvironmentVariableIsSet("ANTIPHON_FAULTS_FULL") ? all : few;
}

FaultLayer::FaultLayer()
    : m_file(m_folder.filePath(u"control"_s))
{
    if (!m_file.open(QIODevice::ReadWrite) || !m_file.resize(sizeof(FaultControl)))
        qFatal("no control file");
    m_control = reinterpret_cast<FaultControl *>(m_file.map(0, sizeof(FaultControl)));
    if (!m_control)
        qFatal("the control file can't be mapped");
}

FaultLayer::~FaultLayer() = default;

void FaultLayer::install(QProcessEnvironment &environment, const QString &folder, const QString &trace) const
{
    environment.insert(u"LD_PRELOAD"_s, QStringLiteral(ANTIPHON_FAULT_LAYER));
    environment.insert(u"ANTIPHON_FAULTS_FOLDER"_s, folder);
    environment.insert(u"ANTIPHON_FAULTS_CONTROL"_s, m_file.fileName());
    environment.insert(u"ASAN_OPTIONS"_s, u"verify_asan_link_order=0"_s);
    if (trace.isEmpty())
        environment.remove(u"ANTIPHON_FAULTS_TRACE"_s);
    else
        environment.insert(u"ANTIPHON_FAULTS_TRACE"_s, trace);
}

void FaultLayer::reset()
{
    m_control->standing = 0;
    m_control->failWhat = 0;
    m_control->failIn = 0;
    m_control->failLasts = 0;
    m_control->killIn = 0;
    m_control->killTears = 0;
    m_control->syncDelayUs = 0;
}

QString FaultWorld::start(const QString &trace)
{
    layer.install(server().environment, server().dataDir(), trace);
    return world.startConnected();
}

bool Stored::lacks(const QStringList &ids, QString *first) const
{
    for (const QString &id : ids) {
        if (delivered.contains(id))
            continue;
        if (first)
            *first = id;
        return true;
    }
    return false;
}

int Stored::doubled() const
{
    return int(std::count_if(messages.begin(), messages.end(), [](int count) { return count > 1; }));
}

Stored stored(const QString &folder)
{
    Stored found;
    {
        QSqlDatabase database = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"stored"_s);
        database.setDatabaseName(folder + u"/antiphon.db"_s);
        database.setConnectOptions(u"QSQLITE_BUSY_TIMEOUT=5000"_s);
        if (!database.open()) {
            found.error = database.lastError().text();
        } else {
            static const QRegularExpression id(u"msg-[0-9a-f]{32}"_s);
            const auto rows = [&](const QString &sql, const auto &take) {
                QSqlQuery query(database);
                query.setForwardOnly(true);
                if (!query.exec(sql))
                    found.error = query.lastError().text();
                while (query.next())
                    take(query);
                if (query.lastError().isValid())
                    found.error = query.lastError().text();
            };
            rows(u"PRAGMA integrity_check(1)"_s, [&](const QSqlQuery &row) { found.integrity = row.value(0).toString(); });
            rows(u"SELECT source_id, count(*) FROM message WHERE source_id LIKE 'msg-%' GROUP BY source_id"_s, [&](const QSqlQuery &row) {
                found.messages.insert(row.value(0).toString(), row.value(1).toInt());
                found.delivered.insert(row.value(0).toString());
            });
            rows(u"SELECT body FROM delivery WHERE split_state = 'pending'"_s,
                 [&](const QSqlQuery &row) { found.delivered.insert(id.match(QString::fromUtf8(row.value(0).toByteArray())).captured()); });
            rows(u"SELECT payload FROM event WHERE state = 'pending'"_s,
                 [&](const QSqlQuery &row) { found.delivered.insert(id.match(row.value(0).toString()).captured()); });
        }
    }
    QSqlDatabase::removeDatabase(u"stored"_s);
    return found;
}

double percentile(QList<double> values, double share)
{
    if (values.isEmpty())
        return 0;
    std::sort(values.begin(), values.end());
    return values.at(std::min(values.size() - 1, qsizetype(double(values.size()) * share)));
}

} // namespace antiphon::test
