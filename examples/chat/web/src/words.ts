/**
 * The contract's errors in words. Each `switch` is checked to be complete: a new error in the Rust contract is a compile
 * error here until somebody has found words for it.
 */
import type { ClearError, Denied, Fault, JoinError, Lost, PictureError, SendError } from "./chat.gen";

type AppError = SendError | JoinError | PictureError | ClearError;

export function denial(denied: Denied): string {
  switch (denied) {
    case "BadName":
      return "Please use 2 to 20 letters, digits, “-” or “_”.";
    case "NameTaken":
      return "Somebody is already here under this name.";
    case "Full":
      return "The chat is full. Please try again later.";
  }
}

export function failure(error: AppError): string {
  switch (error.code) {
    case "not_in_room":
      return "You are not in this room.";
    case "empty":
      return "There is nothing to send.";
    case "too_long":
      return `Too long: a message has at most ${error.max} characters.`;
    case "too_large":
      return `Too large: a picture has at most ${size(error.max)}.`;
    case "not_an_image":
      return "This is not a PNG, JPEG, GIF or WebP picture.";
    case "bad_name":
      return "Rooms are named by 1 to 24 lower-case letters, digits or “-”.";
    case "too_many_rooms":
      return `There are ${error.max} rooms already. Join one of them?`;
    case "gone":
      return "The server no longer has this picture.";
    case "vote_running":
      return "A vote is already running in this room.";
  }
}

/** The words for whichever arm of an outcome without a value there is. */
export function refusal(refused: { error?: AppError; fault?: Fault | Lost; lost?: true }): string {
  if (refused.error) return failure(refused.error);
  if (refused.lost) return "The server did not answer.";
  return refused.fault ? `The server failed: ${refused.fault.message}` : "The server failed.";
}

export function size(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
