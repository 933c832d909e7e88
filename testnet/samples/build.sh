#!/usr/bin/env bash
# Rebuilds the sample programs into testnet/src/main/resources/samples, where they are committed.
# Needs clang and lld with the wasm32-wasi target; on Debian 12:
#   apt-get install clang lld wasi-libc libclang-rt-14-dev-wasm32
# WASI_SYSROOT names another sysroot, for example that of the WASI SDK.
set -euo pipefail
cd "$(dirname "$0")"
out=../src/main/resources/samples
mkdir -p "$out"
for source in *.c; do
  module="$out/${source%.c}.wasm"
  clang --target=wasm32-wasi --sysroot="${WASI_SYSROOT:-/usr}" -std=c17 -O2 -Wall -Wextra -Werror \
    -Wl,--strip-all "$source" -o "$module"
  chmod 644 "$module"
  printf '%s: %s bytes\n' "${module#../}" "$(wc -c < "$module")"
done
