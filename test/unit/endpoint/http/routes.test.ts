import { describe, expect, it } from "vitest";
import { Routes } from "../../../../src/endpoint/http/index.js";

const routes = new Routes(
  [
    "/",
    "/healthz",
    "/api/events/{entity}/{uuid}",
    "/api/actions/{entity}",
    "/api/actions/{entity}/{uuid}",
  ].map((path) => ({ path, handlers: {} })),
);

function matched(path: string): unknown {
  const match = routes.match(path);
  if (match.kind === "route") return [match.route.path, ...match.params];
  return match.kind === "moved" ? `moved to ${match.path}` : match.kind;
}

describe("Routes", () => {
  it.each([
    ["/", ["/"]],
    ["/healthz", ["/healthz"]],
    ["/api/events/e/u", ["/api/events/{entity}/{uuid}", "e", "u"]],
    ["/api/actions/e", ["/api/actions/{entity}", "e"]],
    ["/api/actions/e/u", ["/api/actions/{entity}/{uuid}", "e", "u"]],
    ["/api/actions/a%2Fb%20c%C3%BC", ["/api/actions/{entity}", "a/b cü"]],
    ["/api/actions/a+b", ["/api/actions/{entity}", "a+b"]],
    ["/api/actions/..x", ["/api/actions/{entity}", "..x"]],
  ])("finds %s", (path, found) => {
    expect(matched(path)).toEqual(found);
  });

  it.each([
    "/healthz/x",
    "/api",
    "/api/events/e",
    "/api/actions",
    "/api/actions/e/u/v",
    "/HEALTHZ",
    "/api/other/",
  ])("finds nothing at %s", (path) => {
    expect(matched(path)).toBe("none");
  });

  it.each([
    ["/healthz/", "/healthz"],
    ["/api/actions/e/", "/api/actions/e"],
    ["//", "/"],
    ["/..", "/"],
    ["/a/../..", "/"],
    ["/api//actions/e", "/api/actions/e"],
    ["/api/./actions/x/../e", "/api/actions/e"],
    ["/api/actions//", "/api/actions/"],
    ["/a/b/..", "/a/"],
  ])("sends %s to the proper path", (path, proper) => {
    expect(matched(path)).toBe(`moved to ${proper}`);
  });

  it("refuses a bad percent-encoding", () => {
    expect(() => matched("/api/actions/%e")).toThrow(expect.objectContaining({ status: 400 }));
  });
});
