import { describe, expect, it } from "vitest";
import { absoluteGlob, matcherOf, outermost, placeOf } from "../../../src/verdict/index.js";

describe("placeOf", () => {
  it("is the folder that all matches lie below, or the one file that is named", () => {
    expect(placeOf("/app/target/*/TEST-*.xml")).toEqual({ path: "/app/target", isFolder: true });
    expect(placeOf("/app/{a,b}/x.xml")).toEqual({ path: "/app", isFolder: true });
    expect(placeOf("/**/x.xml")).toEqual({ path: "/", isFolder: true });
    expect(placeOf("/app/junit.xml")).toEqual({ path: "/app/junit.xml", isFolder: false });
    expect(placeOf("/my\\[app\\]/x*.xml")).toEqual({ path: "/my[app]", isFolder: true });
  });
});

describe("absoluteGlob", () => {
  it("begins at the working directory, whose name is no glob", () => {
    const glob = absoluteGlob("./out/*.xml", "/my[app]")!;
    expect(placeOf(glob)).toEqual({ path: "/my[app]/out", isFolder: true });
    const matches = matcherOf([glob]);
    expect([matches("/my[app]/out/a.xml"), matches("/mya/out/a.xml")]).toEqual([true, false]);
  });

  it("is undefined for one that leads upwards", () => {
    expect(absoluteGlob("../x.xml", "/app")).toBeUndefined();
    expect(absoluteGlob("/app/../etc/*", "/app")).toBeUndefined();
  });
});

describe("matcherOf", () => {
  it("matches names that begin with a dot, and whole paths alone", () => {
    const matches = matcherOf(["/app/**/*.xml", "/out/junit.xml"]);
    const paths = [
      "/app/.hidden/a.xml",
      "/app/a.xml",
      "/out/junit.xml",
      "/out/junit.xml.old",
      "/x/app/a.xml",
    ];
    expect(paths.filter(matches)).toEqual(paths.slice(0, 3));
  });
});

describe("outermost", () => {
  it("leaves out what lies in another", () => {
    const folder = (path: string) => ({ path, isFolder: true });
    expect(
      outermost([
        folder("/app/target/a"),
        folder("/app/target"),
        folder("/app/targets"),
        folder("/app/target"),
      ]),
    ).toEqual([folder("/app/target"), folder("/app/targets")]);
  });
});
