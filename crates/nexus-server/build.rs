//! Puts the web client into the binary: `web/dist`, where it was built, becomes a table of files.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
    time::SystemTime,
};

const DIST: &str = "../../web/dist";

fn main() -> io::Result<()> {
    // Cargo runs this at every build while a watched folder is missing, and once more if it is newer
    // than the build.
    if fs::create_dir(DIST).is_ok() {
        fs::File::open(DIST)?.set_modified(SystemTime::UNIX_EPOCH)?;
    }
    println!("cargo::rerun-if-changed={DIST}");
    let out = env::var_os("OUT_DIR").map(PathBuf::from).ok_or(io::ErrorKind::NotFound)?;
    // Without its page the client isn't built, or not yet.
    let page = Path::new(DIST).join("index.html");
    let files = if page.exists() { files_below(Path::new(DIST))? } else { Vec::new() };
    fs::write(out.join("web.rs"), table(&files, &out.join("web"))?)
}

/// As Rust. The files are copied: another build of the client may empty the folder any moment.
fn table(files: &[String], copies: &Path) -> io::Result<String> {
    if copies.exists() {
        fs::remove_dir_all(copies)?;
    }
    for file in files {
        let copy = copies.join(file);
        fs::create_dir_all(copy.parent().unwrap_or(copies))?;
        fs::copy(Path::new(DIST).join(file), copy)?;
    }
    let plain = files.iter().filter(|file| !is_compressed(file, files));
    let rows: String = plain.map(|file| row(file, files)).collect();
    Ok(format!(
        "/// What was in `web/dist` when this was compiled.\npub static EMBEDDED: &[File] = &[\n{rows}];\n"
    ))
}

fn row(file: &str, files: &[String]) -> String {
    let compressed = |ending: &str| {
        let name = format!("{file}.{ending}");
        if files.contains(&name) { format!("Some({})", bytes(&name)) } else { "None".to_owned() }
    };
    let (path, plain) = (format!("/{file}"), bytes(file));
    let (brotli, gzip) = (compressed("br"), compressed("gz"));
    format!("    File {{ path: {path:?}, plain: {plain}, brotli: {brotli}, gzip: {gzip} }},\n")
}

fn bytes(file: &str) -> String {
    format!("include_bytes!({:?})", format!("web/{file}"))
}

/// Whether another file's content is in here.
fn is_compressed(file: &str, files: &[String]) -> bool {
    file.rsplit_once('.').is_some_and(|(plain, ending)| {
        matches!(ending, "br" | "gz") && files.iter().any(|other| other == plain)
    })
}

/// Their paths from there, in order.
fn files_below(folder: &Path) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    let mut folders = vec![String::new()];
    while let Some(below) = folders.pop() {
        for entry in fs::read_dir(folder.join(&below))? {
            let entry = entry?;
            let path = Path::new(&below).join(entry.file_name()).display().to_string();
            let to = if entry.file_type()?.is_dir() { &mut folders } else { &mut found };
            to.push(path);
        }
    }
    found.sort();
    Ok(found)
}
