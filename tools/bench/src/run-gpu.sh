#!/bin/sh
# Measures training steps on this machine's GPU, in less than nine minutes: sh run.sh [flags of gpu.mjs, such as --tiny]
# Writes machine.txt, gpu-bench.json, gpu-bench.txt and gpu-losses.txt to $OUT, else to results/ beside this file, as it goes.
set -u
here=$(cd "$(dirname "$0")" && pwd)
out=${OUT:-$here/results}
mkdir -p "$out" || exit 1
python=${LLM101_PYTHON:-python3}

unxz_here() { # by whom the machine has
  if command -v xz >/dev/null; then xz -dc "$1"; else
    "$python" -c 'import lzma, shutil, sys; shutil.copyfileobj(lzma.open(sys.argv[1]), sys.stdout.buffer)' "$1"
  fi
}
unpack() { # compressed files, each once
  for file; do
    [ ! -f "$file" ] || continue
    if [ -f "$file.xz" ]; then unxz_here "$file.xz" >"$file.part"
    elif [ -f "$file.gz" ]; then gzip -dc "$file.gz" >"$file.part"
    else continue; fi || exit 1
    chmod +x "$file.part" && mv "$file.part" "$file" || exit 1
  done
}
unpack "$here/node" "$here/node_modules/webgpu/dist/linux-x64/dawn.node"
node=$here/node
[ -x "$node" ] || node=$(command -v node) || {
  echo "run.sh: needs Node 20.19 or later, which isn't here: pack it too, by --node 24" >&2
  exit 1
}

{ # what explains figures, and why there are none
  date -u
  uname -a
  "$node" --version
  nvidia-smi 2>&1
  "$python" -c 'import torch; print("torch", torch.__version__, torch.version.cuda)' 2>&1 | tail -n 1
  ldconfig -p 2>/dev/null | grep -iE 'vulkan|nvidia'
  ls /usr/share/vulkan/icd.d /etc/vulkan/icd.d /usr/local/nvidia/share/vulkan/icd.d 2>/dev/null
} >"$out/machine.txt"

cd "$here" || exit 1
export LLM101_PYTHON="$python"
timeout -k 5 465 "$node" gpu.mjs --anyway --minutes 7.5 --json "$out/gpu-bench.json" "$@" 2>"$out/gpu-bench.err" |
  tee "$out/gpu-bench.txt"

case " $* " in *' --tiny '*) exit 0 ;; esac
if [ -f names.txt ] && [ -f shakespeare.txt ]; then
  timeout -k 5 50 "$node" gpu-losses.mjs --names names.txt --text shakespeare.txt --steps 100 2>&1 |
    tee "$out/gpu-losses.txt"
fi
