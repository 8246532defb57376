// The store's contract on SQLite.
import { storeContract } from "../../test/contracts/store.ts";
import { sqliteBed } from "../../test/helpers/sqlite-bed.ts";

storeContract("SQLite", async () => sqliteBed());
