# Sourced by bin/pgsync in a source tree, with $home and fail: sets $jar, and builds it on first use and again whenever a source file is
# newer than it.
# shellcheck shell=sh
jar=$home/pgsync-cli/target/pgsync.jar

# Directories count too: their time changes when a file in them is removed.
stale() {
    [ ! -f "$jar" ] || [ -n "$(find "$home/pom.xml" "$home/examples/bookshop" \
        "$home"/pgsync-core/pom.xml "$home"/pgsync-core/src/main \
        "$home"/pgsync-replication/pom.xml "$home"/pgsync-replication/src/main \
        "$home"/pgsync-elasticsearch/pom.xml "$home"/pgsync-elasticsearch/src/main \
        "$home"/pgsync-aws/pom.xml "$home"/pgsync-aws/src/main \
        "$home"/pgsync-kafka/pom.xml "$home"/pgsync-kafka/src/main \
        "$home"/pgsync-runtime/pom.xml "$home"/pgsync-runtime/src/main \
        "$home"/pgsync-embedded/pom.xml "$home"/pgsync-embedded/src/main \
        "$home"/pgsync-torture/pom.xml "$home"/pgsync-torture/src/main \
        "$home"/pgsync-cli/pom.xml "$home"/pgsync-cli/src/main \
        -newer "$jar" 2>/dev/null | head -n 1)" ]
}

build() {
    mkdir -p "$home/pgsync-cli/target" 2>/dev/null \
        || fail "pgsync has to be built first, but $home is not writable for $(id -un)."
    log=$home/pgsync-cli/target/build.log
    if command -v flock >/dev/null 2>&1; then
        exec 9>"$home/pgsync-cli/target/build.lock"
        flock 9
        stale || return 0 # another process has just built it
    fi
    echo 'pgsync: building (the first time fetches libraries and takes a minute or two) ...' >&2
    if ! (cd "$home" && ./mvnw -q -Dmaven.test.skip=true -Dspotless.check.skip=true -Dexec.skip=true -Dassembly.skipAssembly=true \
        -pl pgsync-cli -am package) >"$log" 2>&1 9>&-; then
        tail -n 40 "$log" >&2
        fail "The build failed; all of its output is in $log"
    fi
    touch "$jar" # Maven leaves an unchanged jar alone, which would look stale for ever.
    exec 9>&-
    "$home/bin/pgsync" archive-classes >>"$log" 2>&1 || : # Starts take longer then.
}

if stale; then
    build
fi
