//! A list being written: there whole or not at all.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use core_compliance::ports::RowSink;
use flate2::Compression;
use flate2::write::GzEncoder;

use super::form::{Packing, form_of};
use crate::FileError;

/// A file that rows are written to: under another name first, and under its own when it is finished. Dropped before, it
/// leaves nothing behind.
#[derive(Debug)]
pub struct ListOutput {
    name: PathBuf,
    writer: Writer,
    /// The name it has while it is written; `None` for stdout and for what is no regular file.
    part: Option<PathBuf>,
    /// Whether a file of its name is replaced.
    force: bool,
}

enum Writer {
    Stdout(io::Stdout),
    File(File),
    Gzip(Box<GzEncoder<File>>),
    Zstd(Box<zstd::stream::write::Encoder<'static, File>>),
}

impl core::fmt::Debug for Writer {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Stdout(_) => "Stdout",
            Self::File(_) => "File",
            Self::Gzip(_) => "Gzip",
            Self::Zstd(_) => "Zstd",
        })
    }
}

impl ListOutput {
    /// Begins a file; `-` and `/dev/stdout` are stdout. The endings `.gz` and `.zst` pack it. A file that is there is kept unless `force`;
    /// a device or a pipe is written to as it is.
    ///
    /// # Errors
    /// [`FileError`], where it cannot be written, or is there and not to be replaced.
    pub fn create(path: &Path, force: bool) -> Result<Self, FileError> {
        if [Path::new("-"), Path::new("/dev/stdout")].contains(&path) {
            return Ok(Self {
                name: "stdout".into(),
                writer: Writer::Stdout(io::stdout()),
                part: None,
                force,
            });
        }
        let refused = |message: &str| FileError::Folder {
            path: path.display().to_string(),
            message: message.to_owned(),
        };
        if path.is_dir() {
            return Err(refused("is a folder; name a file in it"));
        }
        let broken = |source| FileError::Write {
            path: path.display().to_string(),
            source,
        };
        // A link is followed, so that what it leads to is renewed and the link stays.
        let name = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let (file, part) = if name.exists() && !name.is_file() {
            let file = File::options().write(true).open(&name).map_err(broken)?;
            (file, None)
        } else if name.exists() && !force {
            return Err(refused(
                "is there already and is kept; name another file, or replace it with --force",
            ));
        } else {
            let mut part = OsString::from(&name);
            // Two runs that write the same file do not write into each other's.
            part.push(format!(".{}.part", std::process::id()));
            let part = PathBuf::from(part);
            (File::create_new(&part).map_err(broken)?, Some(part))
        };
        let writer = match form_of(path).1 {
            Packing::Plain => Writer::File(file),
            Packing::Gzip => Writer::Gzip(Box::new(GzEncoder::new(file, Compression::default()))),
            Packing::Zstd => {
                let encoder = zstd::stream::write::Encoder::new(file, zstd::DEFAULT_COMPRESSION_LEVEL);
                Writer::Zstd(Box::new(encoder.map_err(broken)?))
            }
        };
        Ok(Self {
            name,
            writer,
            part,
            force,
        })
    }

    /// The name it has while it is written, if it has one.
    #[must_use]
    pub fn part(&self) -> Option<&Path> {
        self.part.as_deref()
    }

    /// Ends what is being written, whole as it is, without giving it its name.
    ///
    /// # Errors
    /// [`FileError::Write`].
    pub fn end(mut self) -> Result<Ended, FileError> {
        let ended = match &mut self.writer {
            Writer::Stdout(stdout) => stdout.flush(),
            Writer::File(file) => file.flush(),
            Writer::Gzip(encoder) => encoder.try_finish(),
            Writer::Zstd(encoder) => encoder.do_finish(),
        };
        ended.map_err(|source| self.broken(source))?;
        Ok(Ended(self))
    }

    fn broken(&self, source: io::Error) -> FileError {
        FileError::Write {
            path: self.name.display().to_string(),
            source,
        }
    }
}

/// An output that is whole and has not its name yet: names are given when all outputs of a run are whole.
#[derive(Debug)]
pub struct Ended(ListOutput);

impl Ended {
    /// Gives the file its name.
    ///
    /// # Errors
    /// [`FileError::Write`].
    pub fn publish(self) -> Result<(), FileError> {
        let mut output = self.0;
        let Some(part) = output.part.take() else {
            return Ok(());
        };
        let keep_mode = || match fs::metadata(&output.name) {
            Ok(old) => fs::set_permissions(&part, old.permissions()),
            Err(_) => Ok(()),
        };
        let name = || match output.force {
            true => keep_mode().and_then(|()| fs::rename(&part, &output.name)),
            false => take_name(&part, &output.name),
        };
        let renamed = name();
        renamed.map_err(|source| {
            let error = output.broken(source);
            output.part = Some(part);
            error
        })
    }
}

/// Gives a file a name that no other has, also where another has come to it meanwhile.
fn take_name(part: &Path, name: &Path) -> io::Result<()> {
    match fs::hard_link(part, name) {
        Ok(()) => fs::remove_file(part),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
        // Not every file system has links.
        Err(_) if name.exists() => Err(io::ErrorKind::AlreadyExists.into()),
        Err(_) => fs::rename(part, name),
    }
}

impl RowSink for ListOutput {
    type Error = FileError;

    fn write(&mut self, bytes: &[u8]) -> Result<(), FileError> {
        let written = match &mut self.writer {
            Writer::Stdout(stdout) => stdout.write_all(bytes),
            Writer::File(file) => file.write_all(bytes),
            Writer::Gzip(encoder) => encoder.write_all(bytes),
            Writer::Zstd(encoder) => encoder.write_all(bytes),
        };
        written.map_err(|source| self.broken(source))
    }
}

impl Drop for ListOutput {
    fn drop(&mut self) {
        if let Some(part) = &self.part {
            let _ = fs::remove_file(part);
        }
    }
}
