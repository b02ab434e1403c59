import { openEngine, packFolder } from "../runtime/engine/index.js";

/** Last step of scripts/base-image: FOLDER NAME:TAG. */
const [folder, reference] = process.argv.slice(2);
if (folder === undefined || reference === undefined) throw new Error("usage: import-image FOLDER NAME:TAG");
const engine = await openEngine();
await engine.importImage(await packFolder(folder), reference);
const image = await engine.inspectImage(reference);
if (image === undefined) throw new Error(`${engine.info.name} took ${reference}, and does not have it`);
process.stdout.write(`${reference} ${image.id}\n`);
