#include "core/server/gate/descriptorlimit.h"

#include <QtGlobal>

#include <algorithm>
#include <limits>

#ifdef Q_OS_UNIX
#include <sys/resource.h>
#endif

namespace antiphon {

int raiseDescriptorLimit(int wanted)
{
#ifdef Q_OS_UNIX
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 256;                    // the smallest default of the systems we know
    const rlim_t goal = std::min<rlim_t>(rlim_t(wanted), limit.rlim_max);
    if (limit.rlim_cur < goal) {
        const rlim_t before = limit.rlim_cur;
        limit.rlim_cur = goal;
        if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
            limit.rlim_cur = before;
    }
    return int(std::min<rlim_t>(limit.rlim_cur, rlim_t(std::numeric_limits<int>::max())));
#else
    Q_UNUSED(wanted);
    return std::numeric_limits<int>::max();
#endif
}

} // namespace antiphon
