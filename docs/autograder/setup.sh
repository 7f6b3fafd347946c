#!/usr/bin/env bash
# Runs once, when Gradescope builds the autograder's image. Beside this file lies minbert/, a copy of the library.
set -euo pipefail
apt-get update && apt-get install -y python3 python3-venv
python3 -m venv /opt/minbert
cd "$(dirname "$0")/minbert"
/opt/minbert/bin/pip install -c constraints.txt -e .
