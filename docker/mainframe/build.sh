#!/bin/sh
# Builds the mainframe in a box into a folder: `bank` and `customers`. Fast when nothing changed.
#   docker/mainframe/build.sh OUTPUT        needs cobc (gnucobol3), gcc, gsoap, libgsoap-dev
set -eu

here=$(cd "$(dirname "$0")" && pwd)
copybooks=$here/../../copybooks/deposits
wsdl=$here/../../adapters/customers.wsdl
output=${1:?usage: build.sh OUTPUT}

for tool in cobc gcc soapcpp2 wsdl2h; do
  command -v "$tool" >/dev/null || {
    echo "build.sh: $tool is missing: apt-get install -y gnucobol3 gcc gsoap libgsoap-dev" >&2
    exit 69
  }
done

mkdir -p "$output"
output=$(cd "$output" && pwd)
stamp=$({ cat "$here"/build.sh "$here"/*/*.[ch] "$here"/customers/build.sh "$here"/customers/typemap.dat "$here"/cobol/*.cbl "$here"/cobol/copy/*.cpy "$copybooks"/*.cpy "$wsdl"; cobc --version; gcc --version; } | sha256sum)
if [ -x "$output/bank" ] && [ -x "$output/customers" ] && [ "$(cat "$output/stamp" 2>/dev/null)" = "$stamp" ]; then exit 0; fi

work=$(mktemp -d "$output/build.XXXXXX")
trap 'rm -rf "$work"' EXIT
compile() { gcc -std=gnu17 -O2 -Wall -Wextra -Wno-format-truncation "$@"; }

# The bank: COBOL from the copybooks that the product reads too, as on z/OS: big-endian binary, EBCDIC signs, TRUNC(STD).
for program in "$here"/cobol/*.cbl; do
  (cd "$work" && cobc -c -Wall -std=ibm -fsign=EBCDIC -fbinary-truncate -fstatic-call -O \
    -I "$copybooks" -I "$here/cobol/copy" "$program")
done
for source in "$here"/box/*.c "$here"/listener/*.c; do
  compile -c "$source" -o "$work/$(basename "$(dirname "$source")")_$(basename "$source" .c).o"
done
gcc -o "$work/bank" "$work"/*.o -lcob -lpthread

"$here/customers/build.sh" "$work" "$wsdl"

mv "$work/bank" "$output/bank"
mv "$work/customers" "$output/customers"
echo "$stamp" >"$output/stamp"
