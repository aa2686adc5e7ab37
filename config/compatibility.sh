#!/bin/sh
# Runs the profile "engines" on servers of given versions, and writes what came of it into docs/compatibility.md.
#
#   config/compatibility.sh 18 opensearch 2.19.3      PostgreSQL, search engine, its version; several times three are run in turn
#
# The row of a pair takes the place of its older row. A run that has a red test is written down as well, and ends the script with 1.
set -eu
cd "$(dirname "$0")/.."
page=docs/compatibility.md
red=0

# The sums over all modules: tests that ended, those that were red, those that were skipped.
sums() {
    cat ./*/target/failsafe-reports/failsafe-summary.xml | sed 's/>/>\n/g' | awk -F'[<>]' '
        /<completed>/ { what = "completed" } /<errors>/ { what = "errors" } /<failures>/ { what = "failures" } /<skipped>/ { what = "skipped" }
        /^[0-9]+</ { sum[what] += $1 }
        END { printf "%d %d %d", sum["completed"], sum["errors"] + sum["failures"], sum["skipped"] }'
}

row() { # postgres engine version
    set -- "$@" $(sums)
    printf '| %s | %s | %s | %s | %s | %s | %s | %s | %s |\n' "$2" "$3" "$1" "$java" "$4" "$5" "$6" "$(date +%F)" "$(git rev-parse --short HEAD)"
}

java=$("${JAVA_HOME:+$JAVA_HOME/bin/}java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p')
while [ $# -ge 3 ]; do
    rm -rf ./*/target/failsafe-reports
    ./mvnw -B -ntp verify -Pengines -Dmaven.test.failure.ignore=true -Dpgsync.test.postgres="$1" -Dpgsync.test."$2"="$3" || red=1
    line=$(row "$1" "$2" "$3")
    grep -v "^| $2 | $3 | $1 | $java |" "$page" >"$page.new"
    printf '%s\n' "$line" >>"$page.new"
    mv "$page.new" "$page"
    case $line in *"| 0 | "*) ;; *) red=1 ;; esac
    shift 3
done
exit $red
