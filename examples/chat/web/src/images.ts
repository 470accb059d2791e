/** Pictures on their way out: picked, dropped or pasted, and made small enough to send. */

/** Larger pictures are scaled down before they leave, as a phone's photograph has more bytes than anybody will see. */
const SEND_AS_IT_IS = 500_000;
const LONGEST_SIDE = 1600;

/** The first picture in what was dropped or pasted. */
export function pictureIn(data: DataTransfer | null): File | undefined {
  return [...(data?.files ?? [])].find((file) => file.type.startsWith("image/"));
}

export async function bytesOf(file: File): Promise<ArrayBuffer> {
  const blob = file.size > SEND_AS_IT_IS && file.type !== "image/gif" ? await scaled(file) : file;
  return blob.arrayBuffer();
}

/** A file that no browser can read as a picture goes out unchanged: the server has a typed error for it. */
async function scaled(file: File): Promise<Blob> {
  const bitmap = await createImageBitmap(file).catch(() => undefined);
  if (!bitmap) return file;
  const factor = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * factor));
  canvas.height = Math.max(1, Math.round(bitmap.height * factor));
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const smaller = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/webp", 0.85));
  return smaller && smaller.size < file.size ? smaller : file;
}
