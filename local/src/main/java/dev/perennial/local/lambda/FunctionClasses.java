package dev.perennial.local.lambda;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Driver;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The classes of all of a template's functions in one class loader, because a native library can be
 * loaded by one only. It sees nothing of the local cloud's own. One that was made is kept for the
 * life of this JVM, together with its native libraries.
 */
final class FunctionClasses {
    /** What XGBoost is linked to; a process finds it by LD_LIBRARY_PATH, which is read at start. */
    private static final String OPENMP = "lib/libgomp.so.1";

    private static final Map<List<Path>, ClassLoader> MADE = new HashMap<>();

    private FunctionClasses() {}

    /**
     * Gives the loader.
     *
     * @param folders unpacked zips
     * @throws IOException if two have a file of the same name with other bytes; says which
     */
    static synchronized ClassLoader of(List<Path> folders) throws IOException {
        List<Path> distinct =
                folders.stream().map(Path::toAbsolutePath).distinct().sorted().toList();
        ClassLoader made = MADE.get(distinct);
        if (made == null) {
            made = make(distinct);
            MADE.put(distinct, made);
        }
        return made;
    }

    private static ClassLoader make(List<Path> folders) throws IOException {
        Map<String, Path> files = union(folders);
        Path openMp = files.get(OPENMP);
        if (openMp != null) {
            System.load(openMp.toString()); // the system's loader then knows it by its name
        }
        ClassLoader loader =
                new URLClassLoader(
                        "functions",
                        urls(folders, files).toArray(URL[]::new),
                        ClassLoader.getPlatformClassLoader());
        // DriverManager looks for drivers once per JVM, and may have done so.
        ServiceLoader.load(Driver.class, loader).forEach(driver -> {});
        return loader;
    }

    /**
     * What several folders have is taken from the one with the most native libraries: a jar may
     * look for its own beside itself, and not every function that has the jar needs them.
     */
    private static Map<String, Path> union(List<Path> folders) throws IOException {
        Map<String, Path> files = new TreeMap<>();
        List<Folder> contents = new ArrayList<>();
        for (Path folder : folders) {
            contents.add(new Folder(folder, filesOf(folder)));
        }
        contents.sort(Comparator.comparingLong(folder -> -folder.natives()));
        for (Folder folder : contents) {
            for (Path file : folder.files()) {
                String name = folder.path().relativize(file).toString();
                Path known = files.putIfAbsent(name, file);
                if (known != null
                        && !Files.isSameFile(known, file)
                        && Files.mismatch(known, file) >= 0) {
                    throw new IOException(
                            "%s and %s differ, and one JVM can't have both; build all zips anew with scripts/build --force"
                                    .formatted(known, file));
                }
            }
        }
        return files;
    }

    private record Folder(Path path, List<Path> files) {
        long natives() {
            return files.stream().filter(file -> file.toString().endsWith(".so")).count();
        }
    }

    private static List<Path> filesOf(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    /** As Lambda has it: the folder's own files before its libraries. */
    private static List<URL> urls(List<Path> folders, Map<String, Path> files)
            throws MalformedURLException {
        List<URL> urls = new ArrayList<>();
        for (Path folder : folders) {
            urls.add(folder.toUri().toURL());
        }
        for (Map.Entry<String, Path> file : files.entrySet()) {
            if (file.getKey().startsWith("lib/") && file.getKey().endsWith(".jar")) {
                urls.add(file.getValue().toUri().toURL());
            }
        }
        return urls;
    }
}
