import { constants } from "node:os";
import { NativeMemory } from "../native-memory.js";
import { SharedRingWriter } from "../shared-ring.js";
import { AnswerReader } from "./answer-ring.js";
import { CallerIdentity } from "./caller-identity.js";
import { DescriptorPaths } from "./descriptor-paths.js";
import { DescriptorQueueWriter } from "./descriptor-queue.js";
import { HeldRequests } from "./held-requests.js";
import { HookGate, isHeld } from "./hook-gate.js";
import { hook } from "./hook-points.js";
import { LastListings } from "./last-listings.js";
import { NodePaths } from "./node-paths.js";
import { type Node, NodeTable } from "./node-table.js";
import { type OpenFile, OpenFiles } from "./open-files.js";
import { Passthrough } from "./passthrough.js";
import { ReplyBuffer } from "./reply-buffer.js";
import type { AlterReply } from "./reply-faults.js";
import { RequestBuffer } from "./request-buffer.js";
import { StatBuffer } from "./stat-buffer.js";
import { UnsyncedFiles } from "./unsynced-files.js";
import { isFault, kindOf } from "./verdict.js";

/** What the serving thread is started with; descriptors belong to whoever starts it. */
export interface SessionData {
  readonly fuseFd: number;
  readonly rootFd: number;
  readonly eventFd: number;
  readonly closing: SharedArrayBuffer;
  readonly requests: SharedArrayBuffer;
  readonly answers: SharedArrayBuffer;
  readonly hookMask: number;
  /** Most O_PATH descriptors that nodes may hold. */
  readonly maxNodeDescriptors: number;
  /** Reads and writes may bypass us where the kernel can. */
  readonly allowsPassthrough: boolean;
  /** Reads pass the kernel's cache by, where it can do that beside mappings. */
  readonly wantsDirectReads: boolean;
  /** The file system behind reports errors at close (NFS, SMB, FUSE). */
  readonly needsFlush: boolean;
  /** Present when it is to be remembered what was never synced: a word that asks for a crash. */
  readonly crashRequest?: SharedArrayBuffer | undefined;
}

/** The undo log's room on the disk for temporary files. */
const maxUnsyncedBytes = 1 << 30;

/** Everything one operation needs: the request, the reply, and what the server knows. */
export class Session {
  readonly data: SessionData;
  readonly #strings = new NativeMemory(128);
  readonly request = new RequestBuffer();
  readonly reply: ReplyBuffer;
  readonly stat = new StatBuffer();
  readonly identity = new CallerIdentity();
  readonly descriptors = new DescriptorPaths();
  readonly nodes: NodeTable;
  readonly closing: DescriptorQueueWriter;
  readonly files: OpenFiles;
  readonly paths: NodePaths;
  readonly passthrough: Passthrough;
  readonly answers: AnswerReader;
  readonly held: HeldRequests;
  readonly gate: HookGate;
  /** Undefined unless asked for: then nothing is remembered, at no cost. */
  readonly unsynced: UnsyncedFiles | undefined;
  readonly listings: LastListings;
  /** What is to be done to the request being handled, in the words of verdict.ts; 0 is nothing. */
  faultCode = 0;
  faultArgument = 0;
  /** Files are opened so that reads pass the kernel's cache. */
  readsDirectly = false;
  /** Told of each fault that could not be done; set by whoever starts the thread. */
  onRefusal: (kind: string, reason: string) => void = () => {};

  /** `onManyClosed`: a closing thread is worth its while from now on. */
  constructor(
    data: SessionData,
    onManyClosed: () => void = () => {},
    onForgotten: (why: string) => void = () => {},
  ) {
    this.data = data;
    this.closing = new DescriptorQueueWriter(data.closing, onManyClosed);
    const closeLater = (fd: number) => this.closing.close(fd);
    this.files = new OpenFiles(closeLater);
    this.#strings.putString(".", 8);
    this.reply = new ReplyBuffer(data.fuseFd);
    this.nodes = new NodeTable(data.rootFd, this.stat, this.descriptors, data.maxNodeDescriptors, closeLater);
    this.paths = new NodePaths(this.nodes, this.descriptors);
    this.passthrough = new Passthrough(data.fuseFd, this.identity);
    this.answers = new AnswerReader(data.answers);
    this.held = new HeldRequests(this);
    this.gate = new HookGate(
      new SharedRingWriter(data.requests),
      this.answers,
      data.hookMask,
      (id, code, argument) => this.held.answer(id, code, argument),
    );
    const { nodes, descriptors, paths } = this;
    if (data.crashRequest !== undefined)
      this.unsynced = new UnsyncedFiles({
        nodes,
        descriptors,
        pathOf: (node) => paths.of(node),
        maxBytes: maxUnsyncedBytes,
        maxFiles: Math.min(4096, data.maxNodeDescriptors),
        onForgotten,
      });
    this.listings = new LastListings((data.hookMask >> hook.postOpendir) & 1);
  }

  /** The node the request is about; undefined when the kernel names one that was never handed out. */
  get node(): Node | undefined {
    return this.nodes.byId(this.request.nodeId);
  }

  /** A descriptor of the node the request is about; negative when it has none any more. */
  get nodeFd(): number {
    const node = this.node;
    return node === undefined ? -1 : this.nodes.fdOf(node);
  }

  /**
   * Sends a finished reply, unless the hook wants it held. `takeBack` undoes what the reply hands out, when
   * the answer is a fault or nobody waits for it any more.
   */
  sendAfter(hook: number, node: Node, bytes: number, takeBack?: () => void, alter?: AlterReply): void {
    let told = bytes;
    if (this.gate.isHooked(hook)) {
      const verdict = this.gate.ask(hook, this.paths.of(node));
      if (verdict === isHeld) {
        this.held.holdReply(this.gate.lastId, this.reply.copy(bytes), takeBack, alter);
        return;
      }
      if (isFault(verdict)) {
        told = this.alterReply(alter, verdict, this.gate.lastArgument, bytes);
      } else if (verdict !== 0) {
        takeBack?.();
        this.reply.sendError(verdict);
        return;
      }
    }
    if (!this.reply.send(told)) takeBack?.();
  }

  /** Does a fault to the reply of `bytes` in the buffer; returns how many are to be told. */
  alterReply(alter: AlterReply | undefined, code: number, argument: number, bytes: number): number {
    if (alter !== undefined) return alter(this, code, argument, bytes);
    this.refuse(code, "nothing that this operation tells can be changed");
    return bytes;
  }

  /** Has the request that is performed next suffer this fault. */
  orderFault(code: number, argument: number): void {
    this.faultCode = code;
    this.faultArgument = argument;
  }

  /** The fault that the request being performed must suffer, handed out once; 0 is none. */
  takeFault(): number {
    const code = this.faultCode;
    this.faultCode = 0;
    return code;
  }

  /** Says that a fault could not be done. */
  refuse(code: number, reason: string): void {
    this.onRefusal(kindOf(code), reason);
  }

  /** Address of "", for calls with AT_EMPTY_PATH. */
  get emptyPath(): number {
    return this.#strings.address;
  }

  /** Address of ".". */
  get currentFolderPath(): number {
    return this.#strings.address + 8;
  }

  closeFile(file: OpenFile): void {
    if (file.isPassthrough) this.passthrough.close(file.node);
    this.files.closeFile(file);
  }

  /** The request names something that is not there any more. */
  sendStale(): void {
    this.reply.sendError(constants.errno.ESTALE);
  }

  close(): void {
    this.unsynced?.close();
    this.files.closeAll();
    this.nodes.closeAll();
    this.descriptors.close();
    this.closing.end();
  }
}
