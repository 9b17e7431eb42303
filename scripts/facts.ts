import { factsOf } from "./runner/facts.js";
import { Collection } from "./runner/paths.js";

// Run on a remote kernel's machine by scripts/runner/gateway.py: prints what that machine would run notebooks with.
// node scripts/build/facts.js <root of the collection> <days, with commas>
const [root, days] = process.argv.slice(2);
const numbers = days.split(",").filter(Boolean).map(Number);
process.stdout.write(JSON.stringify(factsOf(new Collection(root), numbers)));
