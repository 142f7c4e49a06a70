# Sourced by the benchmarks of predict: builds, trains electricity's champion, and brings up the local cloud beside a plain handler.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$root/scripts/jdk.sh"
. "$root/scripts/java.sh"
"$root/scripts/build"
python=${PERENNIAL_PYTHON:-python3}
java=(java -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow)
local=(-cp "$root/local/target/perennial-local.jar:$root/local/target/lib/*")

# train WORK SPEC: a first champion in WORK/home, its file in WORK/champion; only if it isn't there
train() {
  [ -e "$1/champion/model.onnx" ] ||
    "$root/scripts/perennial" run --home "$1/home" --pipeline "$2" --data "$root/data/electricity.csv" --out "$1/champion" >&2
}

# project WORK: a template like the shipped one, with EchoFunction, which gives back what it gets and is no Spring application
project() {
  local project=$1/project
  mkdir -p "$project/classes" "$project/lib"
  sed "s#CodeUri: functions/#CodeUri: $root/functions/#; s#DefinitionUri: #DefinitionUri: $root/#" "$root/template.yaml" |
    awk '{ print } /^Resources:/ { print "  EchoFunction:"
      print "    Type: AWS::Serverless::Function"
      print "    Properties:"
      print "      CodeUri: echo-linux-x86_64.zip"
      print "      Handler: EchoFunction::handleRequest"
      print "      MemorySize: 1769"
      print "      Environment: {Variables: {JAVA_TOOL_OPTIONS: -XX:+UseSerialGC}}" }' > "$project/template.yaml"
  cp "$root"/local/target/lib/aws-lambda-java-core-*.jar "$project/lib/"
  javac -cp "$project/lib/*" -d "$project/classes" "$root/benchmarks/java/EchoFunction.java"
  for architecture in x86_64 aarch64; do
    (cd "$project" && jar --create --no-manifest --file "echo-linux-$architecture.zip" lib -C classes .)
  done
}

# up WORK SPEC: `perennial up` in the background as $cloud; returns when it answers
up() {
  OMP_WAIT_POLICY=passive "${java[@]}" -Xshare:auto -Dperennial.root="$1/project" "${local[@]}" \
    dev.perennial.local.cli.Main up --home "$1/home" --pipeline "$2" --data "$root/data/electricity.csv" > "$1/up.log" 2>&1 &
  cloud=$!
  until [ -e "$1/home/up.json" ]; do
    kill -0 "$cloud" 2> /dev/null || { cat "$1/up.log" >&2; return 1; }
    sleep 0.2
  done
}

down() {
  [ -z "${cloud:-}" ] || { kill "$cloud" 2> /dev/null && wait "$cloud" 2> /dev/null || true; cloud=; }
}
