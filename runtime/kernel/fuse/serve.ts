import { readFileSync } from "node:fs";
import { constants } from "node:os";
import { lastErrno, SyscallError } from "../libc.js";
import { NativeMemory } from "../native-memory.js";
import { fcntl, poll, read } from "./backing-calls.js";
import { type CrashAnswer, takeCrashRequest } from "./crash-request.js";
import { isHeld } from "./hook-gate.js";
import { operationOf } from "./operations/index.js";
import { hookedPath, preHookOf } from "./pre-hooks.js";
import { inHeaderBytes, opcode, requestBufferBytes } from "./protocol.js";
import type { Session } from "./session.js";
import { isFault } from "./verdict.js";

const { EAGAIN, EINTR, EIO, ENODEV, ENOENT, ENOSYS } = constants.errno;
const F_SETFL = 4;
const O_RDWR_NONBLOCK = 0o4002;
const O_RDWR = 2;
const POLLIN = 1;

/**
 * Serves until the mount is gone. While nothing is held this thread blocks in read(2), one system call per request;
 * while something is, it waits in poll(2) for a request or for the eventfd that announces answers. `onError` hears
 * of what should not happen; the request in question fails with EIO and the rest goes on.
 */
export function serve(
  session: Session,
  onError: (error: unknown) => void,
  onCrashed: (answer: CrashAnswer) => void = () => {},
): void {
  const { held, answers, gate, request, data } = session;
  const loop = new ServingLoop(session);
  held.proceed = () => perform(session, onError);
  for (;;) {
    if (answers.hasAnswers) gate.takeAnswers();
    if (answers.isReleased && held.size > 0) held.releaseAll();
    if (held.hasDue) held.carryOut();
    const crashed = takeCrashRequest(session);
    if (crashed !== undefined) onCrashed(crashed);
    // A crash is asked for through the eventfd.
    loop.setWaiting(held.size > 0 || session.unsynced !== undefined);
    const length = read(data.fuseFd, request.memory.address, requestBufferBytes);
    if (length > 0) {
      request.length = length;
      handle(session, onError);
      continue;
    }
    const errno = lastErrno();
    if (length === 0 || errno === ENODEV) return;
    if (errno === EAGAIN) loop.wait();
    // ENOENT: the caller was killed while its request was being handed over.
    else if (errno !== EINTR && errno !== ENOENT) throw new SyscallError("read", errno, "/dev/fuse");
  }
}

class ServingLoop {
  readonly #session: Session;
  readonly #descriptors = new NativeMemory(128);
  #isWaiting = false;

  constructor(session: Session) {
    this.#session = session;
    // Two `struct pollfd` { fd, events, revents }.
    const { words } = this.#descriptors;
    words[0] = session.data.fuseFd;
    words[1] = POLLIN;
    words[2] = session.data.eventFd;
    words[3] = POLLIN;
  }

  /** True: read(2) does not block, because an answer may come instead of a request. */
  setWaiting(isWaiting: boolean): void {
    if (isWaiting === this.#isWaiting) return;
    this.#isWaiting = isWaiting;
    fcntl(this.#session.data.fuseFd, F_SETFL, isWaiting ? O_RDWR_NONBLOCK : O_RDWR);
  }

  wait(): void {
    const { answers, data } = this.#session;
    const { words, address } = this.#descriptors;
    if (!answers.fallAsleep()) return;
    words[1] = POLLIN;
    words[3] = POLLIN;
    poll(address, 2, 1000);
    answers.wakeUp();
    if (words[3]! >>> 16 !== 0) read(data.eventFd, address + 64, 8);
  }
}

function handle(session: Session, onError: (error: unknown) => void): void {
  const { request, gate, held, reply } = session;
  if (request.opcode === opcode.interrupt) {
    if (request.length >= inHeaderBytes + 8) held.interrupt(request.word(0), request.word(1), isDying);
    return;
  }
  try {
    const hook = preHookOf(session);
    if (hook >= 0 && isWellFormed(session)) {
      const verdict = gate.ask(hook, hookedPath(session));
      if (verdict === isHeld) {
        held.holdRequest(gate.lastId);
        return;
      }
      if (isFault(verdict)) {
        session.orderFault(verdict, gate.lastArgument);
      } else if (verdict !== 0) {
        reply.begin(request.words);
        reply.sendError(verdict);
        return;
      }
    }
  } catch (error) {
    onError(error);
  }
  perform(session, onError);
}

function isWellFormed(session: Session): boolean {
  const operation = operationOf(session.request.opcode);
  return operation !== undefined && session.request.holds(operation.bodyBytes, operation.strings);
}

/** Does what the request asks; whatever happens, its caller gets a reply. */
function perform(session: Session, onError: (error: unknown) => void): void {
  const { request, reply } = session;
  const operation = operationOf(request.opcode);
  reply.begin(request.words);
  if (operation === undefined) {
    reply.sendError(ENOSYS);
    return;
  }
  try {
    if (request.holds(operation.bodyBytes, operation.strings)) operation.perform(session);
    else if (operation.hasReply) reply.sendError(EIO);
  } catch (error) {
    onError(error);
    if (operation.hasReply) reply.sendError(EIO);
  }
  if (session.faultCode !== 0) session.refuse(session.takeFault(), "this operation cannot suffer it");
}

const sigkill = 1n << 8n;

/**
 * True when a thread has been killed and only waits for our reply to die. Signals that a program handles (a Go
 * program gets them all the time) must neither fail its call, which no local file system would do, nor end a delay.
 */
export function isDying(pid: number): boolean {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "latin1");
    return ["SigPnd", "ShdPnd"].some((field) => {
      const mask = new RegExp(`^${field}:\\s*([0-9a-f]+)`, "m").exec(status)?.[1];
      return mask !== undefined && (BigInt(`0x${mask}`) & sigkill) !== 0n;
    });
  } catch {
    return true;
  }
}
