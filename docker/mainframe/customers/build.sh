#!/bin/sh
# Builds `customers` in the folder WORK; called by ../build.sh, which has compiled ../box there. The stubs come from the WSDL and
# are never committed: gSOAP's generated code is under the GPL.
#   build.sh WORK WSDL
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$1
wsdl=$2
stubs=$work/stubs
mkdir -p "$stubs"
cd "$stubs"
wsdl2h -c -t "$here/typemap.dat" -o customers.h "$wsdl" >wsdl2h.log 2>&1 || { cat wsdl2h.log >&2; exit 1; }
soapcpp2 -c -S -L -x -w customers.h >soapcpp2.log 2>&1 || { cat soapcpp2.log >&2; exit 1; }
gcc -O2 -w -c soapC.c soapServer.c
for source in "$here"/*.c; do
  gcc -std=gnu17 -O2 -Wall -Wextra -Wno-format-truncation -isystem "$stubs" -c "$source" -o "s_$(basename "$source" .c).o"
done
gcc -o "$work/customers" ./*.o "$work"/box_*.o -lgsoap -lpthread
