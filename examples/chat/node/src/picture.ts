/** What bytes are, judged by the bytes: a name or a media type that a page sends proves nothing. */

/** The media type of a picture that every browser shows and that cannot carry scripts. */
export function mediaType(data: Buffer): string | undefined {
  const start = data.toString("latin1", 0, 12);
  if (start.startsWith("\x89PNG\r\n\x1a\n")) return "image/png";
  if (start.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (/^GIF8[79]a/.test(start)) return "image/gif";
  if (/^RIFF.{4}WEBP/s.test(start)) return "image/webp";
  return undefined;
}
