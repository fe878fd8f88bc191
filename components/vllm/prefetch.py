"""Downloads repositories of the model hub, each argument one as JSON: {"id", "revision", "folder"?}.

Files that are there are not fetched again, so a run that was cut off goes on where it stopped.
"""

import json
import sys

from huggingface_hub import snapshot_download

for argument in sys.argv[1:]:
    repository = json.loads(argument)
    print(f"fetching {repository['id']} at {repository['revision']}", flush=True)
    snapshot_download(repository["id"], revision=repository["revision"], local_dir=repository.get("folder"))
