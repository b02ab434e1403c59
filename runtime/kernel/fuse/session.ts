import { constants } from "node:os";
import { NativeMemory } from "../native-memory.js";
import { SharedRingWriter } from "../shared-ring.js";
import { AnswerReader } from "./answer-ring.js";
import { CallerIdentity } from "./caller-identity.js";
import { DescriptorPaths } from "./descriptor-paths.js";
import { DescriptorQueueWriter } from "./descriptor-queue.js";
import { HeldRequests } from "./held-requests.js";
import { HookGate, isHeld } from "./hook-gate.js";
import { NodePaths } from "./node-paths.js";
import { type Node, NodeTable } from "./node-table.js";
import { type OpenFile, OpenFiles } from "./open-files.js";
import { Passthrough } from "./passthrough.js";
import { ReplyBuffer } from "./reply-buffer.js";
import { RequestBuffer } from "./request-buffer.js";
import { StatBuffer } from "./stat-buffer.js";
import { UnsyncedFiles } from "./unsynced-files.js";

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
    this.gate = new HookGate(new SharedRingWriter(data.requests), this.answers, data.hookMask, (id, errno) =>
      this.held.answer(id, errno),
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
  sendAfter(hook: number, node: Node, bytes: number, takeBack?: () => void): void {
    if (this.gate.isHooked(hook)) {
      const verdict = this.gate.ask(hook, this.paths.of(node));
      if (verdict === isHeld) {
        this.held.holdReply(this.gate.lastId, this.reply.copy(bytes), takeBack);
        return;
      }
      if (verdict !== 0) {
        takeBack?.();
        this.reply.sendError(verdict);
        return;
      }
    }
    if (!this.reply.send(bytes)) takeBack?.();
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
