package dev.perennial.core.store;

class InMemoryArtifactStoreTest extends ArtifactStoreContract {
    private InMemoryArtifactStore store = new InMemoryArtifactStore();

    @Override
    protected ArtifactStore newStore() {
        store = new InMemoryArtifactStore();
        return store;
    }

    @Override
    protected void overwriteBehindItsBack(String key, byte[] content) {
        store.replace(key, content, "text/plain");
    }

    @Override
    protected void deleteBehindItsBack(String key) {
        store.delete(key);
    }
}
