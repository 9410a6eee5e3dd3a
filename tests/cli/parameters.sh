# rootapp parameters: what Argo CD is told, as JSON of the form that it reads.
test_announcement() {
    rootapp parameters
    expect_status 0
    python3 - "$LOGS/out" <<'END' || fail "the announcement is not what Argo CD reads"
import json, sys
announced = json.load(open(sys.argv[1]))
assert all(set(one) == {"name", "title", "tooltip", "itemType", "collectionType"} for one in announced), announced
kinds = {one["name"]: one["collectionType"] for one in announced}
assert kinds["images"] == "array" and kinds["replicas"] == "map" and kinds["namePrefix"] == "string", kinds
END
}
