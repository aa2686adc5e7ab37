#!/bin/sh
# Runs the profile "engines" on servers of given versions, and writes what came of it into docs/compatibility.md.
#
#   config/compatibility.sh 18 opensearch 2.19.3      PostgreSQL, search engine, its version; several times three are run in turn
#
# The row of a pair takes the place of its older row. A run with a red test has its row too, and the script then ends with 1. A build that
# ran no test has none.
set -eu
cd "$(dirname "$0")/.."
page=docs/compatibility.md
red=0
git diff --quiet HEAD -- . ":!$page" || { echo 'Commit first: a row names the commit that was tried.' >&2; exit 2; }

# The sums over all modules: tests that ended, those that were red, those that were skipped.
sums() {
    cat ./*/target/failsafe-reports/failsafe-summary.xml | sed 's/>/>\n/g' | awk -F'[<>]' '
        /<completed>/ { what = "completed" } /<errors>/ { what = "errors" } /<failures>/ { what = "failures" } /<skipped>/ { what = "skipped" }
        /^[0-9]+</ { sum[what] += $1 }
        END { printf "%d %d %d", sum["completed"], sum["errors"] + sum["failures"], sum["skipped"] }'
}

# Takes PostgreSQL, search engine and its version.
record() {
    read -r tests failed skipped <<END
$(sums)
END
    [ "$tests" -gt 0 ] || { echo "No test ran on PostgreSQL $1 and $2 $3." >&2; exit 1; }
    [ "$failed" -eq 0 ] || red=1
    row="| $2 | $3 | $1 | $java |"
    grep -vF "$row" "$page" >"$page.new" || :
    echo "$row $tests | $failed | $skipped | $(date +%F) | $(git rev-parse --short HEAD) |" >>"$page.new"
    mv "$page.new" "$page"
}

java=$("${JAVA_HOME:+$JAVA_HOME/bin/}java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p')
while [ $# -ge 3 ]; do
    rm -rf ./*/target/failsafe-reports
    ./mvnw -B -ntp verify -Pengines -Dmaven.test.failure.ignore=true -Dpgsync.test.postgres="$1" -Dpgsync.test."$2"="$3" || red=1
    record "$1" "$2" "$3"
    shift 3
done
exit $red
