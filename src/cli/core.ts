// What nearly every command needs, as one file of the bundle: `command.ts` imports this, so the bundler puts it all into one chunk.
// Twelve chunks would cost 3 ms at each start.
import "../client/client.ts";
import "../lib/harmless-text.ts";
import "./app-table.ts";
import "./colour.ts";
import "./daemon-link.ts";
import "./failure.ts";
import "./home.ts";
import "./one-line.ts";
import "./output.ts";
import "./progress.ts";
import "./quantity.ts";
import "./session.ts";
import "./table.ts";
import "./terminal.ts";
import "./write.ts";
