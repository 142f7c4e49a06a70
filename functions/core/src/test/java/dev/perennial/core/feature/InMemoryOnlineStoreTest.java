package dev.perennial.core.feature;

class InMemoryOnlineStoreTest extends OnlineStoreContract {
    @Override
    protected OnlineStore store() {
        return new InMemoryOnlineStore();
    }
}
