package dev.perennial.core.live;

class InMemoryLiveLogTest extends LiveLogContract {
    private final LiveLog log = new InMemoryLiveLog();

    @Override
    protected LiveLog log() {
        return log;
    }
}
