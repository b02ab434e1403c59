import { closeSync, fstatSync, openSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  closeDescriptors,
  createDescriptorQueue,
  DescriptorQueueWriter,
} from "../../../../../runtime/kernel/fuse/descriptor-queue.js";

const open = () => openSync("/dev/null", "r");
const isOpen = (fd: number) => {
  try {
    fstatSync(fd);
    return true;
  } catch {
    return false;
  }
};

describe("The descriptor queue", () => {
  it("closes at once while there is no closing thread, and says when one is worth its while", () => {
    let isWorthwhile = false;
    const writer = new DescriptorQueueWriter(createDescriptorQueue(), () => {
      isWorthwhile = true;
    });
    for (let i = 0; i < 100; i++) {
      expect(isWorthwhile).toBe(false);
      const fd = open();
      writer.close(fd);
      expect(isOpen(fd)).toBe(false);
    }
    expect(isWorthwhile).toBe(true);
  });

  it("has the closing thread close what is queued, also at its end", () => {
    const queue = createDescriptorQueue();
    const writer = new DescriptorQueueWriter(queue, () => {});
    writer.end();
    closeDescriptors(queue); // opens the queue and ends
    const descriptors = [open(), open(), open()];
    for (const fd of descriptors) writer.close(fd);
    expect(descriptors.map(isOpen)).toEqual([true, true, true]);
    closeDescriptors(queue);
    expect(descriptors.map(isOpen)).toEqual([false, false, false]);
  });

  it("closes at once when the closing thread is behind", () => {
    const queue = createDescriptorQueue();
    const writer = new DescriptorQueueWriter(queue, () => {});
    writer.end();
    closeDescriptors(queue);
    // Numbers that are no descriptors: closing them does nothing.
    for (let i = 0; i < 4096; i++) writer.close(1_000_000 + i);
    const fd = open();
    writer.close(fd);
    expect(isOpen(fd)).toBe(false);
    const other = open();
    closeDescriptors(queue);
    writer.close(other);
    expect(isOpen(other)).toBe(true);
    closeSync(other);
  });
});
