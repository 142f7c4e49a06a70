# Sourced by the scripts that start the command line's JVM, after jdk.sh.
export OMP_WAIT_POLICY=passive # libgomp reads it before Java runs: functions in this JVM need it as those in processes do
options=(-XX:+UseSerialGC --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow
  -Dperennial.root="$root" -cp "$root/local/target/perennial-local.jar:$root/local/target/lib/*")
# What the JVM had loaded and learned when it ran before: see scripts/build. It says nothing if that is of other jars.
cache="$root/local/target/perennial.aot"
use_cache() {
  if [ -s "$cache" ]; then
    options+=(-XX:AOTCache="$cache" -Xlog:aot*=off -Xlog:cds*=off)
  fi
}
