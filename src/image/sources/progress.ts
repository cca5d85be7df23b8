import { printable } from '../../support/printable';
import type { EngineMessage } from './messages';
import { elapsedTime } from '../../support/time';

/** The progress of a pull. */
export interface PullProgress {
  /** The reference of the image, as Docker prints it. */
  readonly reference: string;
  readonly state: 'started' | 'pulling' | 'done';
  /** `total` grows while the engine learns of layers. Layers that the engine has already count as done. */
  readonly layers: { readonly done: number; readonly total: number };
  /** Compressed bytes; `total` counts the layers whose size is known so far. */
  readonly bytes: { readonly done: number; readonly total: number };
  /** The time since the pull began, in milliseconds. */
  readonly elapsedMs: number;
  /** The reason if the engine waits: `Retrying in 5 seconds`. */
  readonly waiting?: string;
}

interface Layer {
  isDone: boolean;
  current: number;
  total: number;
}

/** Follows the engine's messages. Each call of the returned function returns the progress after one more message. */
export function followProgress(reference: string): (message?: EngineMessage) => PullProgress {
  const start = elapsedTime();
  const layers = new Map<string, Layer>();
  return (message) => {
    if (message !== undefined) addMessage(layers, message);
    const waiting =
      message?.status?.startsWith('Retrying in') === true ? printable(message.status) : undefined;
    return {
      reference,
      state: message === undefined ? 'started' : 'pulling',
      ...sumUp([...layers.values()]),
      elapsedMs: elapsedTime() - start,
      ...(waiting === undefined ? {} : { waiting }),
    };
  };
}

/** Docker's names for the states of a layer. The id of another status, such as `Pulling from`, is not a layer's. */
const waitingStatuses = new Set(['Pulling fs layer', 'Waiting', 'Verifying Checksum']);
const doneStatuses = new Set(['Pull complete', 'Already exists']);

function addMessage(
  layers: Map<string, Layer>,
  { id, status = '', progressDetail = {} }: EngineMessage,
): void {
  if (id === undefined) return;
  const layer = layers.get(id) ?? { isDone: false, current: 0, total: 0 };
  const { current = 0, total = 0 } = progressDetail;
  if (doneStatuses.has(status)) Object.assign(layer, { isDone: true, current: layer.total });
  else if (status === 'Downloading') Object.assign(layer, { current, total: Math.max(total, layer.total) });
  else if (status === 'Extracting') layer.current = layer.total = Math.max(total, layer.total);
  else if (status === 'Download complete') layer.current = layer.total;
  else if (!waitingStatuses.has(status)) return;
  layers.set(id, layer);
}

function sumUp(layers: Layer[]): Pick<PullProgress, 'layers' | 'bytes'> {
  const sum = (value: (layer: Layer) => number): number =>
    layers.reduce((total, layer) => total + value(layer), 0);
  return {
    layers: { done: layers.filter(({ isDone }) => isDone).length, total: layers.length },
    bytes: { done: sum(({ current }) => current), total: sum(({ total }) => total) },
  };
}
