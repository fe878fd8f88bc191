# Sourced by the plugins beside it. Sets $root, the repository, and $node, a Node that runs TypeScript: the pinned one
# where dependencies are installed, otherwise the one on PATH. The engine starts plugins without npm's PATH.
root=${0%/*}/../..
node=$root/node_modules/.bin/node
[ -x "$node" ] || node=node
