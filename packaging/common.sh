# shellcheck shell=sh
# Read by the scripts beside it: where the project is, what it needs installed, how it is built. POSIX sh.

ROOT=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
export NINJA_STATUS='[%f/%t, %es] '

say()
{
    printf 'antiphon: %s\n' "$*"
}

fail()
{
    printf 'antiphon: %s\n' "$*" >&2
    exit 1
}

# packages GROUP…: the names of these groups.
packages()
{
    for group in "$@"; do
        awk -v group="$group" '$1 == group { print $2 }' "$ROOT/packaging/debian-packages"
    done
}

# missingPackages GROUP…: those of them that dpkg doesn't have installed.
missingPackages()
{
    for package in $(packages "$@"); do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || printf '%s ' "$package"
    done
}

# installPackages GROUP…: one apt call for what is missing; none where nothing is.
installPackages()
{
    if ! command -v dpkg-query >/dev/null 2>&1; then
        say "this is no Debian; needed are the equivalents of: $(packages "$@" | tr '\n' ' ')"
        return
    fi
    missing=$(missingPackages "$@")
    [ -n "$missing" ] || return 0
    if [ "$(id -u)" = 0 ]; then
        asRoot=
    elif command -v sudo >/dev/null 2>&1; then
        asRoot=sudo
    else
        fail "not root and no sudo; please install: $missing"
    fi
    say "installing: $missing"
    $asRoot apt-get update
    # shellcheck disable=SC2086
    $asRoot env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends $missing
}

# configure DIR CMAKE-OPTION…: into build/DIR; quick where nothing changed.
configure()
{
    tree=$ROOT/build/$1
    shift
    say "configuring $tree"
    cmake -S "$ROOT" -B "$tree" -G Ninja "$@"
}

# The tests' tree. Its tests count on asserts, and the build has to be quick on two cores, so Debug; line tables only, because the
# full debug information of Qt's templates costs more to write and link than it tells in a test's log.
configureTests()
{
    configure test -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG='-Og -g1' -DANTIPHON_BUILD_TESTS=ON
}
