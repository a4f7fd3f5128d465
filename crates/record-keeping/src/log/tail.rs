//! The end of a log: found when it is opened, and mended where a crash has torn the last line.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use super::line::{self, Head};
use super::segments::{Segment, list};
use core_compliance::Instant;

use crate::RecordsError;
use crate::layout::{private, sync_folder};

/// Bytes read at a time, from the end backwards.
const STEP: u64 = 1 << 16;

/// The end of a log.
#[derive(Debug)]
pub(crate) struct Tail {
    pub(crate) head: Head,
    /// The file that records are appended to, if there is one, and its length.
    pub(crate) segment: Option<(Segment, u64)>,
    /// What was mended.
    pub(crate) note: Option<String>,
}

/// Finds the end of the log, mending a torn last line.
pub(crate) fn find_and_mend(folder: &Path) -> Result<Tail, RecordsError> {
    let mut segments = list(folder)?;
    let Some(last) = segments.pop() else {
        return Ok(Tail {
            head: Head::none(),
            segment: None,
            note: None,
        });
    };
    let failed = |error| RecordsError::io(&last.path, "reading", error);
    let mut file = private()
        .read(true)
        .write(true)
        .open(&last.path)
        .map_err(failed)?;
    let mut length = file.metadata().map_err(failed)?.len();
    let mut note = None;
    let mut end = last_lines(&mut file, length).map_err(failed)?;
    if !end.unfinished.is_empty() {
        let previous = head_before(&segments, &last, &end)?;
        let (mended, told) = mend(&mut file, &last, length, &end.unfinished, &previous)?;
        length = mended;
        note = Some(told);
        end = last_lines(&mut file, length).map_err(failed)?;
    }
    let head = head_before(&segments, &last, &end)?;
    Ok(Tail {
        head,
        segment: Some((last, length)),
        note,
    })
}

/// The end of the log without mending anything: the last record that is whole.
pub(crate) fn find(folder: &Path) -> Result<Head, RecordsError> {
    let mut segments = list(folder)?;
    let Some(last) = segments.pop() else {
        return Ok(Head::none());
    };
    let failed = |error| RecordsError::io(&last.path, "reading", error);
    let mut file = File::open(&last.path).map_err(failed)?;
    let length = file.metadata().map_err(failed)?.len();
    let end = last_lines(&mut file, length).map_err(failed)?;
    head_before(&segments, &last, &end)
}

/// The last record of a segment that is closed, and when it was written.
pub(crate) fn end_of(segment: &Segment) -> Result<(Head, Instant), RecordsError> {
    let failed = |error| RecordsError::io(&segment.path, "reading", error);
    let mut file = File::open(&segment.path).map_err(failed)?;
    let length = file.metadata().map_err(failed)?.len();
    let end = last_lines(&mut file, length).map_err(failed)?;
    let line = end
        .whole
        .filter(|_| end.unfinished.is_empty())
        .unwrap_or_default();
    let record = line::open(&line).map_err(|message| broken(segment, message))?;
    Ok((record.head(), record.time))
}

fn broken(segment: &Segment, message: String) -> RecordsError {
    RecordsError::Broken {
        place: format!("{}: its last line", segment.path.display()),
        message,
    }
}

/// The last bytes of a segment.
#[derive(Debug, Default)]
struct End {
    /// The last line that has its break, without it.
    whole: Option<Vec<u8>>,
    /// What follows the last line break.
    unfinished: Vec<u8>,
}

fn last_lines(file: &mut File, length: u64) -> std::io::Result<End> {
    let mut bytes: Vec<u8> = Vec::new();
    let mut from = length;
    // Until there is the break before the last whole line, or the whole file.
    while from > 0 && bytes.iter().filter(|byte| **byte == b'\n').count() < 2 {
        let step = STEP.min(from);
        from -= step;
        file.seek(SeekFrom::Start(from))?;
        let mut more = vec![0; usize::try_from(step).unwrap_or_default()];
        file.read_exact(&mut more)?;
        more.append(&mut bytes);
        bytes = more;
    }
    let mut lines = bytes.rsplitn(3, |byte| *byte == b'\n');
    Ok(End {
        unfinished: lines.next().unwrap_or_default().to_vec(),
        whole: lines.next().map(<[u8]>::to_vec),
    })
}

/// The last whole record: in this segment, or where it has none yet, in the one before.
fn head_before(earlier: &[Segment], last: &Segment, end: &End) -> Result<Head, RecordsError> {
    let read = |segment: &Segment, line: &[u8]| {
        line::open(line)
            .map(|record| record.head())
            .map_err(|message| broken(segment, message))
    };
    if let Some(line) = &end.whole {
        return read(last, line);
    }
    let Some(before) = earlier.last() else {
        // Where older records were pruned, a segment without any would have lost the head.
        let begins = last.first_seq == 1;
        let lost = || broken(last, format!("the records before {} are missing", last.first_seq));
        return begins.then(Head::none).ok_or_else(lost);
    };
    end_of(before).map(|(head, _)| head)
}

/// Keeps an unfinished last line that is a whole record, and puts any other aside.
fn mend(
    file: &mut File,
    segment: &Segment,
    length: u64,
    unfinished: &[u8],
    previous: &Head,
) -> Result<(u64, String), RecordsError> {
    let failed = |error| RecordsError::io(&segment.path, "mending a torn last line", error);
    let seq = previous.seq + 1;
    let follows = line::open(unfinished).is_ok_and(|record| record.follows(previous));
    if follows {
        file.seek(SeekFrom::Start(length))
            .and_then(|_| file.write_all(b"\n"))
            .and_then(|()| file.sync_all())
            .map_err(failed)?;
        let note = format!("record {seq} lacked its line break and was mended");
        return Ok((length + 1, note));
    }
    let folder = segment.path.parent().unwrap_or(&segment.path);
    let aside = put_aside(folder, seq, unfinished)?;
    let kept = length - unfinished.len() as u64;
    file.set_len(kept)
        .and_then(|()| file.sync_all())
        .map_err(failed)?;
    let note = format!(
        "the last line was torn, as after a crash; its {} bytes are put aside in {aside}",
        unfinished.len()
    );
    Ok((kept, note))
}

/// The name of the new file beside the log that has these bytes.
fn put_aside(folder: &Path, seq: u64, bytes: &[u8]) -> Result<String, RecordsError> {
    let mut name = format!("torn-{seq}");
    for number in 2.. {
        let path = folder.join(&name);
        let failed = |error| RecordsError::io(&path, "putting a torn line aside", error);
        match private().write(true).create_new(true).open(&path) {
            Ok(mut file) => {
                let written = file.write_all(bytes).and_then(|()| file.sync_all());
                if written.is_err() {
                    // Half of it is of no use: the next try makes it whole.
                    let _ = std::fs::remove_file(&path);
                }
                written.map_err(failed)?;
                sync_folder(folder)?;
                break;
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                name = format!("torn-{seq}-{number}");
            }
            Err(error) => return Err(failed(error)),
        }
    }
    Ok(name)
}
