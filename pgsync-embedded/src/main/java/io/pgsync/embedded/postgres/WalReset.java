package io.pgsync.embedded.postgres;

import io.pgsync.core.change.Lsn;
import io.pgsync.embedded.EmbeddedServerException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * Moves the log of a server that is shut down to a position far ahead, as {@code pg_resetwal -l} does; the embedded
 * binaries do not have that program. The log then holds only one shutdown checkpoint, and the control file points to
 * it.
 *
 * <p>Source: PostgreSQL's pg_resetwal.c, catalog/pg_control.h, access/xlog_internal.h and access/xlogrecord.h; the
 * parts that are used here are the same in 14 to 18.
 *
 * @param data the data directory, made by initdb with segments of 16 MiB
 */
record WalReset(Path data) {
    private static final int SEGMENT_BYTES = 16 << 20;

    // ControlFileData
    private static final int CHECKPOINT = 32;
    private static final int CHECKPOINT_COPY = 40;
    private static final int TIMELINE = 48;
    private static final int CRC_NOT_BEFORE = 200;

    // XLogLongPageHeaderData
    private static final int PAGE_HEADER_BYTES = 40;
    private static final int PAGE_INFO = 2;
    private static final short LONG_HEADER = 2;
    private static final int PAGE_ADDRESS = 8;
    private static final int REMAINING_LENGTH = 16;

    // XLogRecord, and the header of its data
    private static final int RECORD_HEADER_BYTES = 24;
    private static final int RECORD_CRC = 20;
    private static final byte SHORT_DATA = (byte) 255;
    private static final int DATA_HEADER_BYTES = 2;

    /** The log continues a little after the start of the segment that holds {@code position}. */
    void to(Lsn position) {
        try {
            reset(position.value() / SEGMENT_BYTES * SEGMENT_BYTES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void reset(long start) throws IOException {
        Path controlFile = data.resolve("global/pg_control");
        byte[] controlBytes = Files.readAllBytes(controlFile);
        ByteBuffer control = nativeOrder(controlBytes);
        long before = control.getLong(CHECKPOINT);
        Path segment = segment(control.getInt(TIMELINE), before);
        removeOthers(segment);
        try (FileChannel log = FileChannel.open(segment, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer header = firstPageHeader(read(log, 0, PAGE_HEADER_BYTES), start);
            int length = read(log, before % SEGMENT_BYTES, Integer.BYTES).getInt(0);
            pointTo(start + PAGE_HEADER_BYTES, control);
            log.truncate(0);
            log.write(header, 0);
            log.write(shutdownCheckpoint(length, control), PAGE_HEADER_BYTES);
            log.write(ByteBuffer.allocate(1), SEGMENT_BYTES - 1);
        }
        Files.move(segment, segment(control.getInt(TIMELINE), start));
        Files.write(controlFile, controlBytes, StandardOpenOption.WRITE);
    }

    private Path segment(int timeline, long position) {
        return data.resolve(
                "pg_wal/%08X%08X%08X".formatted(timeline, position >>> 32, (position & 0xFFFF_FFFFL) / SEGMENT_BYTES));
    }

    private static void removeOthers(Path segment) throws IOException {
        try (DirectoryStream<Path> segments = Files.newDirectoryStream(segment.getParent(), "[0-9A-F]*")) {
            for (Path each : segments) {
                if (!each.equals(segment)) {
                    Files.delete(each);
                }
            }
        }
    }

    private static ByteBuffer firstPageHeader(ByteBuffer header, long start) {
        return header.putShort(PAGE_INFO, LONG_HEADER)
                .putLong(PAGE_ADDRESS, start)
                .putInt(REMAINING_LENGTH, 0);
    }

    private static void pointTo(long checkpoint, ByteBuffer control) {
        int crc = crcOffset(control);
        control.putLong(CHECKPOINT, checkpoint);
        // The redo position of a shutdown checkpoint, its first field, is its own position.
        control.putLong(CHECKPOINT_COPY, checkpoint);
        control.putInt(crc, crcOfFirst(crc, control));
    }

    /** The checksum is the last field, but the number of fields differs between versions. */
    private static int crcOffset(ByteBuffer control) {
        for (int at = CRC_NOT_BEFORE; at < control.capacity(); at += Integer.BYTES) {
            if (control.getInt(at) == crcOfFirst(at, control)) {
                return at;
            }
        }
        throw new EmbeddedServerException("pg_control has no checksum that fits");
    }

    private static ByteBuffer shutdownCheckpoint(int length, ByteBuffer control) {
        ByteBuffer record = nativeOrder(new byte[length]);
        int dataBytes = length - RECORD_HEADER_BYTES - DATA_HEADER_BYTES;
        record.putInt(0, length); // transaction, previous record, kind and resource manager are all zero
        record.put(RECORD_HEADER_BYTES, SHORT_DATA);
        record.put(RECORD_HEADER_BYTES + 1, (byte) dataBytes);
        record.put(RECORD_HEADER_BYTES + DATA_HEADER_BYTES, control, CHECKPOINT_COPY, dataBytes);
        var crc = new CRC32C();
        // First the data: the checksum is completed last, when the header is known.
        crc.update(record.slice(RECORD_HEADER_BYTES, length - RECORD_HEADER_BYTES));
        crc.update(record.slice(0, RECORD_CRC));
        return record.putInt(RECORD_CRC, (int) crc.getValue());
    }

    private static int crcOfFirst(int length, ByteBuffer bytes) {
        var crc = new CRC32C();
        crc.update(bytes.slice(0, length));
        return (int) crc.getValue();
    }

    private static ByteBuffer read(FileChannel file, long position, int length) throws IOException {
        ByteBuffer bytes = nativeOrder(new byte[length]);
        file.read(bytes, position);
        return bytes.rewind();
    }

    private static ByteBuffer nativeOrder(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    }
}
